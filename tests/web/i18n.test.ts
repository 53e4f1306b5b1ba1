// The two languages beside each other: the same keys and blanks, and Chinese that is Chinese. What the words say is read by people.
import { expect, test } from "vitest";

const FILES = import.meta.glob<{ words: Record<string, string> }>("../../web/i18n/{en,zh-TW}/*.ts", { eager: true });

const of = (language: string) =>
  new Map(
    Object.entries(FILES)
      .filter(([path]) => path.includes(`/${language}/`))
      .map(([path, { words }]) => [path.replace(/^.*\/(.+)\.ts$/, "$1"), words]),
  );
const ENGLISH = of("en");
const CHINESE = of("zh-TW");
const AREAS = [...ENGLISH.keys()];

/** Every value of an area's Chinese with its English, as rows `area.key`. */
const PAIRS = AREAS.flatMap((area) => {
  const chinese = CHINESE.get(area) ?? {};
  return Object.entries(ENGLISH.get(area) ?? {}).map(([key, english]) => ({ key: `${area} ${key}`, english, chinese: chinese[key] ?? "" }));
});

const blanks = (text: string) => [...new Set(text.match(/{{[^}]+}}/g))].sort();

// Names, units and words of the trade that engineers in Taiwan leave as they are.
const NAMES = /\b(?:Commit|Intent-to-O2|Kubernetes API|O2 IMS|Prometheus|S-NSSAI|SLO|Token|Worker|ms)\b/gi;
// Characters that exist in simplified writing only.
const SIMPLIFIED =
  /[为这说国时来会对发开关门问间见现长东车乐书买乱务动区单变号后启响图团场坏执护报拟择损换据断无条极构标样检欢测浏点热状环画确离种积称稳笔签类纪纯级线组细终结给统续维绿缩网罗联脑节药获虑虽补认讨让训议记讲许设访证评识词译试话详语误请读谁调谢质贴资载较辑输边达过运还进远连迟适选递郑释钟错键镜闭闲阅队际陆险随隐难页项顺须顾预领频题颜额风验]/;

test("both languages have the same areas and, in each, the same keys", () => {
  expect([...CHINESE.keys()].sort()).toEqual([...AREAS].sort());
  expect(AREAS.length).toBeGreaterThan(0);
  for (const area of AREAS) expect(Object.keys(CHINESE.get(area) ?? {}).sort(), area).toEqual(Object.keys(ENGLISH.get(area) ?? {}).sort());
});

test("each word has the same blanks in both languages", () => {
  const unlike = PAIRS.filter(({ english, chinese }) => blanks(english).join() !== blanks(chinese).join());
  expect(unlike).toEqual([]);
});

test("no word is empty, and none says its own key", () => {
  expect(
    PAIRS.filter(({ key, english, chinese }) =>
      [english, chinese].some((text) => text.trim() === "" || (text.includes(".") && key.endsWith(` ${text}`))),
    ),
  ).toEqual([]);
});

test("what is counted has a word for one and one for more", () => {
  const keys = new Set(PAIRS.map(({ key }) => key));
  const alone = [...keys].filter(
    (key) => /_(one|other)$/.test(key) && !keys.has(key.replace(/_(one|other)$/, (end) => (end === "_one" ? "_other" : "_one"))),
  );
  expect(alone).toEqual([]);
});

test("every Chinese word is Chinese, apart from names", () => {
  const untranslated = PAIRS.filter(({ chinese }) => {
    const said = chinese.replace(/{{[^}]+}}/g, "").replace(NAMES, "");
    return /[A-Za-z]{2}/.test(said) && !/\p{Script=Han}/u.test(said);
  });
  expect(untranslated).toEqual([]);
});

test("the Chinese is written in traditional characters", () => {
  expect(PAIRS.filter(({ chinese }) => SIMPLIFIED.test(chinese))).toEqual([]);
});
