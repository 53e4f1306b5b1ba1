// What a phone's bottom row has no room for.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import { Choices } from "../../app/header.tsx";
import { MORE_AREAS } from "../../app/nav.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page } from "../../common/page.tsx";

export function MorePage() {
  const { t } = useTranslation();
  return (
    <Page title={t("nav.more")}>
      <Box sx={{ display: "grid", gap: 1 }}>
        {MORE_AREAS.map(({ href, key, Icon }) => (
          <AppLink
            key={href}
            href={href}
            underline="none"
            sx={{ display: "flex", gap: 1.5, alignItems: "center", p: 1.5, border: 1, borderColor: "divider", borderRadius: 1 }}
          >
            <Icon aria-hidden />
            {t(key)}
          </AppLink>
        ))}
      </Box>
      <Choices />
    </Page>
  );
}
