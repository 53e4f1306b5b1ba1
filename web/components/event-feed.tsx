// The latest events, newest first, in words. Bounded by the state; the full log is behind the API.
import { memo } from "react";
import type { DurableEvent } from "../../protocol/event.ts";
import { EVENT_LABELS, eventDetail, type Tone } from "../state/labels.ts";
import { Time } from "./bits.tsx";
import { Icon } from "./icon.tsx";

export function EventFeed({ events }: { events: readonly DurableEvent[] }) {
  return (
    <section className="card side" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      {events.length === 0 ? (
        <p className="faint">Nothing has happened yet. Send an intent and watch it here.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to be able to scroll it.
        <ol className="events" tabIndex={0} aria-label="Latest events">
          {events.map((event) => (
            <Row key={event.seq} event={event} />
          ))}
        </ol>
      )}
    </section>
  );
}

const Row = memo(function Row({ event }: { event: DurableEvent }) {
  const { word } = EVENT_LABELS[event.type];
  const tone = toneOf(event);
  const detail = eventDetail(event);
  return (
    <li data-testid="event" data-type={event.type} data-seq={event.seq} data-tone={tone}>
      <Icon name={tone === "active" ? "pending" : tone} />
      <span className="what">
        {word}
        {event.site !== null && <span className="site"> {event.site}</span>}
      </span>
      <Time at={event.at} />
      {detail !== "" && <span className="detail">{detail}</span>}
    </li>
  );
});

/** The label's tone, save where the data tells good from bad. */
function toneOf(event: DurableEvent): Tone {
  if (event.type !== "slo.validated") return EVENT_LABELS[event.type].tone;
  const verdict = eventDetail(event);
  return verdict === "pass" ? "done" : verdict === "fail" ? "failed" : "wait";
}
