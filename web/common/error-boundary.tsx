// Keeps a fault of one part from taking the whole page away. A part that could not be loaded is tried again, by hand and when the network is back.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { Component, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "./notice.tsx";
import { PartMissing, renewParts } from "./part.tsx";
import { useOnline } from "./use-online.ts";

interface Props {
  at?: string; // the address: another page is not broken because this one is
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { problem: unknown; failed: boolean }> {
  override state = { problem: undefined, failed: false };

  static getDerivedStateFromError(problem: unknown) {
    return { problem, failed: true };
  }

  override componentDidUpdate({ at }: Props) {
    if (this.state.failed && at !== this.props.at) this.retry();
  }

  retry = () => {
    renewParts();
    this.setState({ problem: undefined, failed: false });
  };

  override render() {
    const { problem, failed } = this.state;
    if (!failed) return this.props.children;
    return <Broken missing={isMissing(problem)} onRetry={this.retry} />;
  }
}

function isMissing(problem: unknown): boolean {
  return problem instanceof PartMissing;
}

function Broken({ missing, onRetry }: { missing: boolean; onRetry(): void }) {
  const { t } = useTranslation();
  const online = useOnline();
  const before = useRef(online);
  useEffect(() => {
    if (missing && online && !before.current) onRetry();
    before.current = online;
  }, [missing, online, onRetry]);
  return (
    <Notice
      tone={missing ? "wait" : "failed"}
      role="alert"
      data-testid={missing ? "part-missing" : "broken"}
      action={
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
          {missing && <Button onClick={onRetry}>{t("problem.retry")}</Button>}
          {/* A reload without a network would take away what is still there. */}
          {online && <Button onClick={() => window.location.reload()}>{t("page.reload")}</Button>}
        </Box>
      }
    >
      {t(missing ? (online ? "page.loading_failed" : "page.loading_offline") : "page.broken")}
    </Notice>
  );
}
