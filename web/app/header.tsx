// The bar at the top: product, how fresh the page is, who is there to do the work, the palette, and the viewer's own choices.
import Logout from "@mui/icons-material/Logout";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useColorScheme } from "@mui/material/styles";
import { useTranslation } from "react-i18next";
import type { Site } from "../../protocol/site.ts";
import { FreshnessLabel, useFreshness } from "../common/freshness.tsx";
import { AppLink } from "../common/link.tsx";
import { StateLabel } from "../common/state-label.tsx";
import { Untrusted } from "../common/text.tsx";
import { chooseLanguage, isLanguage, LANGUAGES } from "../i18n/index.ts";
import { SEVERITY_TONES, type Tone } from "../state/tones.ts";
import { useFeedHandle } from "./feed-context.ts";
import { useFiring, useFiringWords } from "./firing.tsx";
import { PaletteButton } from "./palette-button.tsx";
import { paths } from "./paths.ts";
import { useAppSelector } from "./store.ts";

export function Header({ onSignOut }: { onSignOut(): void }) {
  const { t } = useTranslation();
  const me = useAppSelector((state) => state.me);
  return (
    <Box
      component="header"
      sx={{
        position: "sticky",
        top: 0,
        zIndex: 1100,
        display: "flex",
        flexWrap: "wrap",
        alignItems: "center",
        columnGap: 2,
        rowGap: 0.5,
        px: { xs: 1.5, md: 2.5 },
        py: 0.75,
        minHeight: 56,
        bgcolor: "background.paper",
        borderBottom: 1,
        borderColor: "divider",
      }}
    >
      <AppLink
        href={paths.home}
        aria-label={t("product")}
        underline="none"
        color="text.primary"
        sx={{ display: "flex", alignItems: "center", gap: 1, fontWeight: 700 }}
      >
        <img src="/favicon.svg" alt="" width="26" height="26" />
        <Box component="span" sx={{ display: { xs: "none", lg: "inline" } }}>
          {t("product")}
        </Box>
      </AppLink>
      <Connection />
      <Workers />
      <Box sx={{ flex: 1 }} />
      <PaletteButton />
      <Box sx={{ display: { xs: "none", md: "block" } }}>
        <Choices />
      </Box>
      <Box
        component="span"
        title={t("header.scopes", { scopes: me.scopes.join(", ") })}
        sx={{ color: "text.secondary", display: { xs: "none", sm: "inline" } }}
      >
        <Untrusted>{me.name}</Untrusted>
      </Box>
      <Button
        variant="text"
        color="inherit"
        aria-label={t("header.sign_out")}
        title={t("header.sign_out")}
        onClick={onSignOut}
        sx={{ minWidth: 40 }}
      >
        <Logout fontSize="small" />
      </Button>
    </Box>
  );
}

function Connection() {
  const { t } = useTranslation();
  const fresh = useFreshness();
  const feed = useFeedHandle();
  return (
    <Box role="status" data-testid="connection" data-state={fresh.state} sx={{ display: "flex", alignItems: "center", gap: 1 }}>
      <FreshnessLabel />
      {fresh.state === "stale" && (
        <Button onClick={feed.nudge} sx={{ py: 0 }}>
          {t("connection.reconnect")}
        </Button>
      )}
    </Box>
  );
}

/** Who is there to do the work. Links: the word alone does not tell which. */
function Workers() {
  const { t } = useTranslation();
  const loaded = useAppSelector((state) => state.feed.loaded);
  const agents = useAppSelector((state) => state.feed.agents);
  const sites = useAppSelector((state) => state.feed.sites);
  const health = useAppSelector((state) => state.live.health);
  const old = useFreshness().state === "stale";
  const firing = useFiring();
  const firingWords = useFiringWords();
  if (!loaded) return null;
  const online = agents.filter((agent) => agent.status === "online").length;
  const healthy = sites.filter((site) => site.status === "healthy").length;
  const { worker, d1, room } = health?.components ?? {};
  const parts = Object.entries({ worker, D1: d1, room }).filter(([, part]) => part !== undefined && part.status !== "ok");
  return (
    <Box sx={{ display: { xs: "none", sm: "flex" }, gap: 2 }}>
      <AppLink href={paths.monitoring} underline="hover" color="inherit">
        <Count tone={online === 0 ? "failed" : "done"} old={old}>
          {online === 0 ? t("header.agents_none") : t("header.agents", { count: online })}
        </Count>
      </AppLink>
      <AppLink href={paths.sites} underline="hover" color="inherit">
        <Count tone={sitesTone(sites)} old={old}>
          {sites.length === 0 ? t("header.sites_none") : t("header.sites", { healthy, total: sites.length })}
        </Count>
      </AppLink>
      {firing !== null && (
        <AppLink href={paths.monitoring} underline="hover" color="inherit" data-testid="firing">
          <Count tone={SEVERITY_TONES[firing.worst]} old={old}>
            {firingWords(firing)}
          </Count>
        </AppLink>
      )}
      {parts.map(([name, part]) => (
        <StateLabel key={name} tone={part?.status === "down" ? "failed" : "wait"}>
          {t("header.component", { name, status: part?.status ?? "" })}
        </StateLabel>
      ))}
    </Box>
  );
}

/** Grey while nobody knows whether it still is so. */
function Count({ tone, old, children }: { tone: Tone; old: boolean; children: string }) {
  const { t } = useTranslation();
  return (
    <StateLabel tone={old ? "pending" : tone}>
      {children}
      {old && <span className="visually-hidden"> {t("header.old")}</span>}
    </StateLabel>
  );
}

function sitesTone(sites: readonly Site[]): Tone {
  if (sites.length === 0) return "wait";
  if (sites.some((site) => site.status === "unreachable")) return "failed";
  if (sites.some((site) => site.status === "degraded")) return "wait";
  return sites.every((site) => site.status === "healthy") ? "done" : "pending";
}

const THEMES = ["system", "light", "dark"] as const;

/** Also on the page More, for a phone. */
export function Choices() {
  const { t, i18n } = useTranslation();
  const { mode, setMode } = useColorScheme();
  return (
    <Box sx={{ display: "flex", gap: 1 }}>
      <select
        className="choice"
        aria-label={t("header.language")}
        data-testid="language"
        value={i18n.language}
        onChange={({ target: { value } }) => isLanguage(value) && void chooseLanguage(value)}
      >
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="choice"
        aria-label={t("header.theme")}
        data-testid="theme"
        value={mode ?? "system"}
        onChange={(event) => setMode(THEMES.find((theme) => theme === event.target.value) ?? null)}
      >
        {THEMES.map((theme) => (
          <option key={theme} value={theme}>
            {t(`theme.${theme}`)}
          </option>
        ))}
      </select>
    </Box>
  );
}
