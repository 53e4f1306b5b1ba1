// Chinese words for sites and slices, and for "all of them".
import type { Flag } from "../senses.ts";

/** The nouns with which a number names a site. */
export const SITE_NOUNS =
  "站點, 邊緣, 邊緣站點, 邊緣站, 邊緣節點, 站, 節點, 據點, 基地台, 機房, 邊緣機房, 邊緣雲, 邊緣據點, 站台, 基站, 局點, 邊緣端, 場站, 站址, 邊緣伺服器, 邊緣運算節點";

export const PLACES: readonly (readonly [Flag, string])[] = [
  ["siteNoun", `${SITE_NOUNS}, 地點, 點位`],
  ["siteCounter", "號"],
  ["siteAdjective", "已註冊, 註冊, 可用, 其他, 其它, 其餘, 剩下, 剩餘, 現有, 邊緣, 的, 目前, 我們, 線上, 已上線, 所有, 全部"],
  [
    "quantifier",
    "所有, 全部, 每個, 每一個, 每座, 每一座, 各個, 各, 每一, 每, 整個, 全體, 通通, 全都, 統統, 都, 一律, 任何, 凡是, 所有的, 全部的",
  ],
  [
    "everywhere",
    "全網, 全站, 各站, 各站點, 每站, 每一站, 各地, 到處, 所有站, 所有站點, 全部站點, 全站點, 各邊緣, 各節點, 所有邊緣, 所有節點, 全部邊緣, 所有邊緣站點, 全部邊緣站點, 所有的站點, 全部的站點, 每個站點, 每個邊緣站點, 每個邊緣, 各邊緣站點, 整個網路, 全線, 所有據點, 全數站點, 每一個站點, 所有機房, 各機房, 所有邊緣節點, 每個節點, 每個站, 所有地點, 全區, 任何站點, 全部節點",
  ],
  ["bothOf", "兩邊, 雙邊, 兩地"],
  ["first", "前, 前面"],
  ["sliceNoun", "切片, 網路切片, 網路分片, 分片, 網絡切片, 切片服務, 專網切片"],
];
