// The address of a repository: to be copied, and a link only where a browser can and should open it.
import Link from "@mui/material/Link";
import { useTranslation } from "react-i18next";
import { repositoryLink } from "../state/repository-link.ts";
import { Copy } from "./copy.tsx";
import { Untrusted } from "./text.tsx";

export function Repository({ address }: { address: string }) {
  const { t } = useTranslation();
  const { shown, href } = repositoryLink(address);
  if (href === null) return <Copy value={shown} what={t("copy.repository")} />;
  return (
    <Link href={href} target="_blank" rel="noopener noreferrer">
      <Untrusted>{shown}</Untrusted>
    </Link>
  );
}
