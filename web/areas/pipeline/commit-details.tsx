// What was pushed: the repository and branch, and each wave's commit with its sites.
import { useTranslation } from "react-i18next";
import { Commit } from "../../common/commit.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { Repository } from "../../common/repository.tsx";
import { Untrusted } from "../../common/text.tsx";
import { FailureDetails, NotYet } from "./not-yet.tsx";
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
        <Facts way="stacked">
          {deployment.commits.map(({ commit, sites }, index) => (
            <Fact key={commit} name={deployment.commits.length > 1 ? t("commit.of_wave", { number: index + 1 }) : t("commit.title")}>
              <span data-testid="commit" data-commit={commit}>
                <Commit commit={commit} repository={url} />
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
              <Repository address={url} />
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
