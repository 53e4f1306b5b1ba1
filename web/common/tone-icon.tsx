// The icon of a tone. It is silent for screen readers: the word beside it speaks.

import Autorenew from "@mui/icons-material/Autorenew";
import CheckCircle from "@mui/icons-material/CheckCircleOutlined";
import Circle from "@mui/icons-material/CircleOutlined";
import ErrorIcon from "@mui/icons-material/ErrorOutlined";
import Help from "@mui/icons-material/HelpOutlined";
import Undo from "@mui/icons-material/Undo";
import type { SvgIconProps } from "@mui/material/SvgIcon";
import type { Tone } from "../state/tones.ts";

const ICONS = { pending: Circle, active: Autorenew, done: CheckCircle, failed: ErrorIcon, rollback: Undo, wait: Help } as const;

export function ToneIcon({ tone, ...props }: { tone: Tone } & Pick<SvgIconProps, "fontSize" | "sx">) {
  const Icon = ICONS[tone];
  return <Icon aria-hidden fontSize="inherit" data-icon={tone} {...props} />;
}
