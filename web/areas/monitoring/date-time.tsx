// An instant that may lie in the future or on another day, with its date: the end of a freeze is no time of today.
import { useTranslation } from "react-i18next";

export function DateTime({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (
    <time dateTime={at} title={at}>
      {format.format(Date.parse(at))}
    </time>
  );
}
