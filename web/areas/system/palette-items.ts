// Everything that the palette can find, and what each does. From what the page knows already, and the slices that are live.
import { useColorScheme } from "@mui/material/styles";
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { chooseLanguage, LANGUAGES } from "../../i18n/index.ts";
import { TEMPLATES } from "../../state/templates.ts";
import type { PaletteItem } from "./palette-find.ts";

const NEWEST = 300; // intents and deployments; older ones are found by the history's search
const ID = /^(int|dep)_[0-9a-z]{26}$/;

const AREAS = ["approvals", "deployments", "monitoring", "sites", "activity", "integrations"] as const;
const THEMES = ["system", "light", "dark"] as const;

type Translate = TFunction<["intents", "common"]>;
type Go = (href: string) => void;

export interface PaletteItems {
  items: readonly PaletteItem[];
  use: PaletteItem | null; // what is typed, as an intent or as an id
}

export function usePaletteItems(query: string): PaletteItems {
  const { t } = useTranslation(["intents", "common"]);
  const [, go] = useLocation();
  const sites = useAppSelector((state) => state.feed.sites);
  const intents = useAppSelector((state) => state.feed.intents);
  const deployments = useAppSelector((state) => state.feed.deployments);
  const { data: slices } = server.useSlicesQuery();
  const { setMode } = useColorScheme();

  const settings = useMemo(() => settingItems(t, setMode), [t, setMode]);
  const items = useMemo<PaletteItem[]>(
    () => [
      ...areaItems(t, go),
      ...templateItems(t, go),
      ...sites.map(({ id, status }) => ({
        ...{ key: `site-${id}`, group: "site" as const, title: id, note: t(`common:siteStatus.${status}`) },
        run: () => go(paths.site(id)),
      })),
      ...(slices ?? []).map(({ slice, serviceType, sites: at }) => ({
        ...{
          key: `slice-${slice}`,
          group: "slice" as const,
          title: slice,
          note: `${serviceType} ${at.map(({ site }) => site).join(", ")}`,
        },
        run: () => go(paths.slice(slice)),
      })),
      ...intents.rows.slice(0, NEWEST).map(({ record: { intentId, text, status } }) => ({
        ...{ key: intentId, group: "intent" as const, title: text, note: t(`common:status.${status}`), also: intentId },
        run: () => go(paths.intent(intentId)),
      })),
      ...deployments.rows.slice(0, NEWEST).map(({ deployment: { deploymentId, slice, status } }) => ({
        ...{ key: deploymentId, group: "deployment" as const, title: slice, note: t(`common:deployment.${status}`), also: deploymentId },
        run: () => go(paths.deployment(deploymentId)),
      })),
      ...settings,
    ],
    [t, go, sites, slices, intents, deployments, settings],
  );
  const typed = query.trim();
  const use = useMemo(() => itemOf(typed, t, go), [typed, t, go]);
  return { items, use };
}

function areaItems(t: Translate, go: Go): PaletteItem[] {
  const home = { key: "area-intents", group: "go" as const, title: t("common:nav.intents"), run: () => go(paths.home) };
  return [home, ...AREAS.map((area) => ({ ...home, key: `area-${area}`, title: t(`common:nav.${area}`), run: () => go(paths[area]) }))];
}

function templateItems(t: Translate, go: Go): PaletteItem[] {
  return TEMPLATES.map((id) => ({
    ...{ key: `template-${id}`, group: "template" as const, title: t(`template.${id}`) },
    run: () => go(paths.compose(t(`template.${id}.text`))),
  }));
}

function settingItems(t: Translate, setMode: (mode: (typeof THEMES)[number]) => void): PaletteItem[] {
  return [
    ...THEMES.map((theme) => ({
      ...{ key: `theme-${theme}`, group: "setting" as const, title: t("palette.theme", { name: t(`common:theme.${theme}`) }) },
      run: () => setMode(theme),
    })),
    ...(["en", "zh-TW"] as const).map((tag) => ({
      ...{ key: `language-${tag}`, group: "setting" as const, title: t("palette.language", { name: LANGUAGES[tag] }) },
      run: () => void chooseLanguage(tag),
    })),
  ];
}

function itemOf(typed: string, t: Translate, go: Go): PaletteItem | null {
  if (typed === "") return null;
  const kind = ID.exec(typed)?.[1];
  if (kind === undefined)
    return { key: "use", group: "use", title: t("palette.use", { text: typed }), run: () => go(paths.compose(typed)) };
  const href = kind === "int" ? paths.intent(typed) : paths.deployment(typed);
  return { key: "use", group: kind === "int" ? "intent" : "deployment", title: t("palette.open", { id: typed }), run: () => go(href) };
}
