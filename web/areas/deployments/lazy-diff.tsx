// A diff with its own chunk of code: loaded when it is first looked at, of about its height until then.
import { Suspense } from "react";
import type { FileDiff } from "../../../protocol/stage.ts";
import { Loading } from "../../common/empty.tsx";
import { part } from "../../common/part.tsx";

const CodeDiff = part(
  () => import("../approval/code-diff.tsx"),
  (module) => module.CodeDiff,
);

export function LazyDiff({ files }: { files: readonly FileDiff[] }) {
  return (
    <Suspense fallback={<DiffLoading />}>
      <CodeDiff files={files} />
    </Suspense>
  );
}

export function DiffLoading() {
  return <Loading rows={4} height={56} />;
}
