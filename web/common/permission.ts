// What the signed-in token may do, and in words why not: pages show every command, and say why one is off.
import { useTranslation } from "react-i18next";
import { useAppSelector } from "../app/store.ts";

export type Scope = "operate" | "admin";

/** Null when it may; else the reason, for the button that is off. */
export function useRefusal(scope: Scope): string | null {
  const { t } = useTranslation();
  const scopes = useAppSelector((state) => state.me.scopes);
  const may = scopes.includes("admin") || scopes.includes(scope);
  return may ? null : t(`permission.${scope}`);
}
