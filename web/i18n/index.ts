// Which language the page speaks: English or Traditional Chinese. Keys are flat; only the words of that language are loaded, a namespace with its pages.
import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", "zh-TW": "繁體中文" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "control-center.language";

type Words = { words: Record<string, string> };
const files = import.meta.glob<Words>("./{en,zh-TW}/*.ts");

const lazyFiles: BackendModule = {
  type: "backend",
  init() {},
  read(language, namespace, done) {
    const load = files[`./${language}/${namespace}.ts`];
    if (load === undefined) return done(new Error(`no words for ${language} ${namespace}`), null);
    load().then(
      (module) => done(null, module.words),
      (error: Error) => done(error, null),
    );
  },
};

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** What was chosen here before, else what the browser asks for: any Chinese is answered in the Chinese that we have. */
export function preferredLanguage(stored: string | null, asked: readonly string[]): Language {
  if (stored !== null && isLanguage(stored)) return stored;
  const first = asked.find((tag) => /^(en|zh)\b/i.test(tag)) ?? "en";
  return first.toLowerCase().startsWith("zh") ? "zh-TW" : "en";
}

export async function startLanguage(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(lazyFiles)
    .use(initReactI18next)
    .init({
      lng: preferredLanguage(window.localStorage.getItem(STORED), navigator.languages),
      fallbackLng: false, // what a language lacks does not compile, see types.ts
      supportedLngs: Object.keys(LANGUAGES),
      ns: ["common", "intents"],
      defaultNS: "common",
      keySeparator: false,
      interpolation: { escapeValue: false }, // React escapes
    });
}

/** The words of every area, in the language of now. One that cannot be had is asked for again by its page. */
export async function loadAllWords(): Promise<void> {
  const areas = Object.keys(files).map((path) => path.replace(/^.*\/(.+)\.ts$/, "$1"));
  await i18next.loadNamespaces([...new Set(areas)]);
}

export async function chooseLanguage(language: Language): Promise<void> {
  window.localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
}
