// What was pushed: the repository and branch, and each wave's commit with its sites.
import Link from "@mui/material/Link";
import { useTranslation } from "react-i18next";
import { Copy } from "../../common/copy.tsx";
import { Untrusted } from "../../common/text.tsx";
import { shortCommit } from "../../state/format.ts";
import { Facts, FailureDetails, NotYet } from "./facts.tsx";
import { Fact } from "./head.tsx";
import type { Known } from "./use-intent.ts";

export function CommitDetails({ known: { record, deployment } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const failure = record.failure?.stage === "push" ? record.failure : null;
  const url = deployment?.repositoryUrl ?? null;
  return (
    <>
      {failure !== null && <FailureDetails failure={failure} />}
      {deployment?.commit == null ? (
        failure === null && <NotYet />
      ) : (
        <Facts>
          {deployment.commits.map(({ commit, sites }, index) => (
            <Fact key={commit} name={deployment.commits.length > 1 ? t("commit.of_wave", { number: index + 1 }) : t("commit.title")}>
              <span data-testid="commit" data-commit={commit}>
                <Copy value={commit} shown={shortCommit(commit)} what={t("commit.what")} />
              </span>{" "}
              <Untrusted>{sites.length > 6 ? t("head.wave_sites", { count: sites.length }) : sites.join(", ")}</Untrusted>
            </Fact>
          ))}
          {deployment.branch !== null && (
            <Fact name={t("commit.branch")}>
              <code>
                <Untrusted>{deployment.branch}</Untrusted>
              </code>
            </Fact>
          )}
          {url !== null && (
            <Fact name={t("commit.repository")}>
              {isHttp(url) ? (
                <Link href={url} target="_blank" rel="noreferrer noopener">
                  {url}
                </Link>
              ) : (
                <Copy value={url} what={t("commit.repository")} />
              )}
            </Fact>
          )}
          {deployment.approvedBy !== null && (
            <Fact name={t("commit.approved_by")}>
              <Untrusted>{deployment.approvedBy}</Untrusted>
            </Fact>
          )}
        </Facts>
      )}
    </>
  );
}

/** Nothing else becomes a link: an address comes from an agent's settings. */
function isHttp(url: string): boolean {
  return url.startsWith("https://") || url.startsWith("http://");
}
