// First mutator: names, namespace and labels. It gives every resource its place and changes no specification.
import {
  componentOf,
  LABEL_INTENT,
  LABEL_MANAGED_BY,
  LABEL_SERVICE_TYPE,
  LABEL_SITE,
  LABEL_SLICE,
  MANAGED_BY,
  OWNER_ANNOTATION,
  OWNER_PREFIX,
  objectName,
} from "../names.ts";
import { errorAt, type FnResult, isLocalConfig, type KrmObject, type ResourceList } from "../resource.ts";
import { readSliceIntent, type SliceIntent } from "../slice-intent.ts";

function labelsOf(intent: SliceIntent): Record<string, string> {
  return {
    [LABEL_MANAGED_BY]: MANAGED_BY,
    [LABEL_SLICE]: intent.slice,
    [LABEL_SITE]: intent.site,
    [LABEL_INTENT]: intent.intentId,
    [LABEL_SERVICE_TYPE]: intent.serviceType,
  };
}

/** `…NFDeployment.upf-example` → `…NFDeployment.upf-<slice>`: the part up to the first hyphen is the component. */
function annotationsOf(item: KrmObject, slice: string): Record<string, string> | undefined {
  const owner = item.metadata.annotations?.[OWNER_ANNOTATION];
  if (owner === undefined || !owner.startsWith(OWNER_PREFIX)) return item.metadata.annotations;
  const [component = ""] = owner.slice(OWNER_PREFIX.length).split("-");
  return { ...item.metadata.annotations, [OWNER_ANNOTATION]: OWNER_PREFIX + objectName(component, slice) };
}

function placed(item: KrmObject, intent: SliceIntent): KrmObject {
  const annotations = annotationsOf(item, intent.slice);
  const namespaced = item.kind !== "Namespace";
  return {
    ...item,
    metadata: {
      ...item.metadata,
      name: namespaced ? objectName(componentOf(item), intent.slice) : intent.slice,
      ...(namespaced ? { namespace: intent.slice } : {}),
      labels: { ...item.metadata.labels, ...labelsOf(intent) },
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

export function identity(input: ResourceList): ResourceList {
  const intent = readSliceIntent(input.items);
  if (typeof intent === "string") return { ...input, results: [{ message: intent, severity: "error" }] };
  const results: FnResult[] = [];
  const items = input.items.map((item) => {
    if (isLocalConfig(item)) return item;
    if (item.kind !== "Namespace" && componentOf(item) === "") {
      results.push(errorAt(item, "the template does not say its component (label app.kubernetes.io/component)", "metadata.labels"));
      return item;
    }
    return placed(item, intent);
  });
  return { ...input, items, results };
}
