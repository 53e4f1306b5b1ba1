// Chinese verbs with one wrong character: the characters that an input method or an eye takes for one another, listed, never guessed.

/** A character of a verb and those that are written for it by sound or by shape. */
const TAKEN_FOR: Readonly<Record<string, string>> = {
  署: "暑屬書曙薯數樹著罷置",
  部: "佈步布簿陪都",
  佈: "部步怖鋪補",
  建: "健鍵見件間",
  立: "力利歷粒位",
  增: "曾贈憎僧",
  新: "心星欣辛",
  開: "凱閞",
  通: "同桶痛捅",
  啟: "起企啓豈",
  設: "射社涉色",
  置: "制製直至",
  架: "加價駕",
  創: "闖窗倉",
  裝: "莊妝裴狀",
  刪: "山珊删衫姍",
  除: "徐處初廚儲餘",
  移: "宜疑遺儀",
  終: "中鐘忠鍾",
  止: "只址指紙",
  停: "亭庭廷婷",
  用: "永泳佣甩",
  關: "觀官閞闗",
  閉: "必畢壁閑",
  拆: "折柝析差",
  撤: "徹澈撒轍",
  銷: "消削鎖硝",
  取: "曲娶趣",
  消: "銷肖宵",
  回: "迴會徊",
  滾: "棍袞滚輥",
  退: "腿推褪",
  還: "環壞遠",
  原: "元源園員",
  復: "覆複腹付",
  恢: "灰揮輝",
  擴: "礦曠廣獷鑛",
  容: "榮溶蓉熔融",
  縮: "宿蓿說",
  提: "堤隄",
  升: "昇笙",
  調: "凋碉跳",
  整: "正政証",
  降: "講絳",
  低: "底抵邸",
  減: "剪檢簡咸",
  查: "察茶渣搽",
  詢: "尋循巡徇",
  顯: "險現",
  示: "是事視世",
  檢: "撿儉劍",
  狀: "壯裝",
  態: "太泰能",
  版: "板阪",
  撥: "潑",
};

function variants(verb: string): string[] {
  return [...verb].flatMap((right, at) => [...(TAKEN_FOR[right] ?? "")].map((wrong) => verb.slice(0, at) + wrong + verb.slice(at + 1)));
}

const TYPED = 2; // characters of the verbs that are looked at: a single one has too many neighbours

const GRAMMAR = /[到至為成一個條]$/; // a verb with such an end is one character and grammar

/** The wrong spellings of the verbs that are no words of the tables themselves. */
export function misspellings(verbs: readonly string[], known: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const verb of verbs) {
    if (verb.length !== TYPED || GRAMMAR.test(verb)) continue;
    for (const wrong of variants(verb)) if (!known.has(wrong) && !found.has(wrong)) found.set(wrong, verb);
  }
  return found;
}
