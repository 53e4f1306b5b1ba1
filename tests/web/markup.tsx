// Components without a browser: written once, in a language of the page, with the theme around them. No store, no server, no effects.
import { ThemeProvider } from "@mui/material/styles";
import i18next from "i18next";
import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { I18nextProvider } from "react-i18next";
import { theme } from "../../web/app/theme.ts";
import { words as approval } from "../../web/i18n/en/approval.ts";
import { words as common } from "../../web/i18n/en/common.ts";
import { words as system } from "../../web/i18n/en/system.ts";
import { words as zhApproval } from "../../web/i18n/zh-TW/approval.ts";
import { words as zhCommon } from "../../web/i18n/zh-TW/common.ts";
import { words as zhSystem } from "../../web/i18n/zh-TW/system.ts";

const resources = {
  en: { approval, common, system },
  "zh-TW": { approval: zhApproval, common: zhCommon, system: zhSystem },
};

export function markup(element: ReactElement, language: keyof typeof resources = "en"): string {
  const i18n = i18next.createInstance();
  void i18n.init({
    lng: language,
    resources,
    ns: ["common", "approval", "system"],
    defaultNS: "common",
    keySeparator: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  const page = renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <ThemeProvider theme={theme}>{element}</ThemeProvider>
    </I18nextProvider>,
  );
  return page.replaceAll(/<style[^>]*>.*?<\/style>/gs, ""); // emotion writes them beside the first element that needs them
}

/** The page's text as one reads it: without tags. */
export function textOf(page: string): string {
  return page.replaceAll(/<[^>]+>/g, "").replaceAll("&quot;", '"');
}
