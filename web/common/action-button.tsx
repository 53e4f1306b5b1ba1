// A button that may be refused: it stays reachable by keyboard and says why it is off, in words that a touch screen and a screen reader get too.
import Button, { type ButtonProps } from "@mui/material/Button";
import { useId } from "react";

export interface ActionButtonProps extends Omit<ButtonProps, "disabled" | "aria-disabled"> {
  refusal: string | null; // why it cannot be pressed now; null when it can
  busy?: boolean; // pressed, and not answered yet
  "data-testid"?: string;
}

export function ActionButton({ refusal, busy = false, children, onClick, sx, ...props }: ActionButtonProps) {
  const id = useId();
  const off = refusal !== null || busy;
  return (
    <>
      <Button
        {...props}
        aria-disabled={off}
        aria-describedby={refusal === null ? undefined : id}
        title={refusal ?? props.title}
        onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
        sx={{ ...(off ? { opacity: 0.6, cursor: "not-allowed" } : {}), ...sx }}
      >
        {children}
      </Button>
      {refusal !== null && (
        <span id={id} className="visually-hidden">
          {refusal}
        </span>
      )}
    </>
  );
}
