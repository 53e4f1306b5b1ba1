// What went wrong: in the viewer's language where the page knows the cause, with the fields it names, what to do next and the request id to quote.
import Button from "@mui/material/Button";
import { useTranslation } from "react-i18next";
import { asFailure, type Failure } from "../state/problem.ts";
import { Notice } from "./notice.tsx";
import { Untrusted } from "./text.tsx";

/** `problem` is a Failure, an error of a query or a mutation, or nothing. */
export function Problem({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const failure = asFailure(problem);
  if (failure === null) return null;
  return (
    <Notice
      tone="failed"
      role="alert"
      data-testid="problem"
      action={
        onRetry && (
          <Button color="inherit" onClick={onRetry}>
            {t("problem.retry")}
          </Button>
        )
      }
    >
      <Untrusted>{words(failure)}</Untrusted>
      {failure.details.length > 0 && (
        <ul>
          {failure.details.map((detail) => (
            <li key={`${detail.field} ${detail.message}`}>
              <code>{detail.field}</code> <Untrusted>{detail.message}</Untrusted>
            </li>
          ))}
        </ul>
      )}
      {failure.requestId !== null && <div>{t("problem.request", { id: failure.requestId })}</div>}
    </Notice>
  );
}

/** One sentence for a failure, as toasts tell it. */
export function useProblemWords(): (failure: Failure) => string {
  const { t } = useTranslation();
  return (failure) => {
    const wait = failure.retryAfterSeconds === null ? "" : ` ${t("problem.wait", { seconds: failure.retryAfterSeconds })}`;
    return `${sentence(failure)}${wait}`;
  };

  function sentence({ code, message }: Failure): string {
    if (code === "NETWORK") return t("problem.network");
    if (code === "BAD_REPLY") return t("problem.bad_reply");
    if (code === "UNAUTHENTICATED") return t("problem.unauthenticated");
    if (code === "OWN") return t("problem.own");
    if (code === "FORBIDDEN") return `${message} ${t("problem.forbidden")}`;
    return message;
  }
}
