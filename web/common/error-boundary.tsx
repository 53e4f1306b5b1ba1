// Keeps a fault of one part from taking the whole page away, and offers to load it again: it may be newer on the server.
import Button from "@mui/material/Button";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "./notice.tsx";

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  const reload = <Button onClick={() => window.location.reload()}>{t("page.reload")}</Button>;
  return (
    <Notice tone="failed" data-testid="broken" action={reload}>
      {t("page.broken")}
    </Notice>
  );
}
