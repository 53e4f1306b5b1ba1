// Chinese numbers, units, directions and the nouns that say what a quantity is a quantity of.
import { bandwidthUnit, OTHER, PERCENT, type Unit } from "../../units.ts";
import { type Direction, type Entry, type Measure, type Numerals, split } from "../senses.ts";

export const NUMERALS: Numerals = {
  digits: {
    〇: 0,
    零: 0,
    一: 1,
    二: 2,
    兩: 2,
    三: 3,
    四: 4,
    五: 5,
    六: 6,
    七: 7,
    八: 8,
    九: 9,
    廿: 20,
    卅: 30,
    壹: 1,
    貳: 2,
    參: 3,
    肆: 4,
    伍: 5,
    陸: 6,
    柒: 7,
    捌: 8,
    玖: 9,
  },
  powers: { 十: 10, 百: 100, 千: 1000, 萬: 1e4, 億: 1e8, 拾: 10, 佰: 100, 仟: 1000 },
  point: "點",
  half: "半",
  article: "一",
};

const TIME: readonly [number, string][] = [
  [1, "毫秒鐘, 毫秒級, 千分之一秒, 毫妙, 耗秒, 毫秒內, 毫秒, 亳秒, 微妙秒, 豪秒"],
  [1e-3, "微秒"],
  [1e-6, "奈秒, 納秒"],
  [1e3, "秒, 秒鐘"],
];

const RATES: readonly [Unit, string][] = [
  [
    bandwidthUnit("m", false),
    "百萬位元, 百萬比特, 百萬位元 / 秒, 兆位元 / 秒, 兆每秒, 兆 / 秒, 兆位元 / s, 兆位, 兆的頻寬, 兆級頻寬, 兆的速率, 兆速度, 兆, 兆位元每秒, 兆位元, 百萬位元每秒, 兆比特每秒, 兆比特, 每秒兆位元, 兆 bps, m 頻寬, 兆頻寬, 兆寬頻, 兆速率",
  ],
  [bandwidthUnit("g", false), "十億位元, 吉位元 / 秒, 吉比特每秒, 十億比特, 吉, 吉位元, 吉位元每秒, 吉比特, 十億位元每秒, g 頻寬"],
  [bandwidthUnit("", false), "位元, 位元每秒, 比特, 比特每秒, 位元 / 秒"], // 500 百萬 is read as a number
  [bandwidthUnit("k", false), "千位元每秒, 千位元, 千比特每秒"],
  [bandwidthUnit("m", true), "兆位元組每秒, 百萬位元組每秒, mb 每秒"],
  [bandwidthUnit("m", false), "mbps 每秒, mbit 每秒"],
];

const OTHER_UNITS =
  "分鐘, 分, 小時, 個小時, 鐘頭, 天, 日, 週, 週內, 個月, 月, 年, 季, 號機, 元, 塊, 塊錢, 美元, 台幣, 萬元, 公里, 公尺, 米, 平方公里, 平方公尺, 坪, 公頃, 度, 倍, 次, 版, 樓, 層, 樓層, 期, 歲, 點鐘, 點, 點半, 時, " +
  "赫茲, 兆赫, 吉赫, 千赫, 瓦, 伏特, 公斤, 公噸, 噸, 折, 幀, 格, 根, 章, 節, 頁, 班, 梯, 梯次, 屆, 排, 頻段, 代, 組, 場, 場次, 位元組, 個字, 筆, 檔, 級, 個工作天, 工作天, 個百分點, 成";

const DIRECTIONS: Record<Direction, string> = {
  downlink:
    "下行方向, 下行側, 往下, 下載端, 下鏈路, 下行各, 下行鏈, 下行傳輸, 下行流量, 下行容量, 下行速度, 下載流量, dl, 下行, 下載, 下鏈, 下傳, 下行鏈路, 下行頻寬, 下行速率, 下行吞吐量, 下載速度, 下載速率, 下載頻寬, 下鏈頻寬",
  uplink:
    "上行方向, 上行側, 往上, 上傳端, 上鏈路, 上行各, 上行鏈, 上行傳輸, 上行流量, 上行容量, 上行速度, 上傳流量, 上傳端頻寬, 影像上傳, 回傳頻寬, 回傳速率, ul, 上行, 上傳, 上鏈, 上行鏈路, 上行頻寬, 上行速率, 上行吞吐量, 上傳速度, 上傳速率, 上傳頻寬, 上載, 回傳, 上鏈頻寬",
  both: "上下行對稱, 上下行各, 上下行, 上下對稱, 雙向, 對稱, 對稱頻寬, 上下行都, 上下行均, 上下行皆, 上下載, 上行下行, 上行和下行都, 上傳下載都, 上傳和下載都, 上傳下載各, 上下傳, 雙向各, 上下各, 對等, 上下行同為, 上下行一致, 下行上行都, 下行和上行都, 上行與下行皆, 上下行速率, 上下行頻寬, 雙向對稱",
};

const MEASURES: Record<Measure, string> = {
  bandwidth:
    "網路頻寬, 傳輸頻寬, 頻寬需求, 頻寬要求, 頻寬上限, 頻寬保證, 流量上限, 數據吞吐量, 資料吞吐量, 帶寬, 網路速率, 傳輸能力, 資料傳輸率, 傳送速率, 傳送速度, 管道, 頻寬, 吞吐量, 速率, 網速, 速度, 傳輸速率, 傳輸速度, 資料速率, 數據速率, 傳輸量, 容量, 吞吐, 總頻寬, 保證頻寬, 最低頻寬, 寬頻, 網路速度, 流速, 數據率, 比特率, 位元率",
  latency:
    "延遲時間上限, 延遲範圍, 延遲區間, 延遲窗口, 延遲上限, 延遲預算, 時延上限, 時延預算, 時延要求, 延遲要求, 延遲目標, 時間差, 響應, 反應, 回應, 回應延遲, 遲滯, 滯後, 網路時延, 通訊延遲, 通信時延, 端到端延時, 封包延遲, 控制延遲, 控制迴路時間, 迴路時間, 指令延遲, rtt, ping, 延遲, 時延, 延時, 端到端, 端到端延遲, 端對端延遲, 端對端, 往返, 往返延遲, 往返時間, 來回延遲, 來回時間, 反應時間, 回應時間, 響應時間, 網路延遲, 傳輸延遲, 單向延遲, 單程延遲, 單向時延, 端到端時延, 空口時延, 空口延遲, 遲延, 時間延遲, 延遲時間, 反應速度, 單向, lag",
  reliability:
    "封包投遞率, 投遞率, 投遞成功率, 可靠度要求, 可靠性要求, 可靠程度, 傳送率, 傳達率, 成功機率, 傳輸可靠性, 通訊可靠度, 通信可靠度, 穩定度, 穩定性, 可靠度, 可靠性, 可靠率, 傳輸成功率, 成功率, 可靠, 傳輸可靠度, 封包送達率, 送達率, 到達率, 傳送成功率, 封包成功率, 信賴度",
  availability:
    "可用程度, 可用比率, 服務可用, 系統可用率, 網路可用率, 年可用率, 月可用率, 正常率, 在線時間, 上線時間比, 服務時間比, 服務等級, 可用率, 可用性, 可用度, 妥善率, 在線率, 上線率, 服務可用率, 服務可用性, 正常運行時間, 服務水準, 可用, 稼動率, 服務可用度, 運行率, 線上率, 上線時間",
  loss: "封包遺失機率, 封包掉失率, 封包損失率, 損失率, 包遺失率, 區塊錯誤率, 位元錯誤率, 掉封包率, 失誤率, 出錯率, 傳輸失敗率, 傳送失敗率, 丟包率, 丟包, 封包遺失率, 遺失率, 掉包率, 掉包, 封包丟失率, 丟失率, 錯誤率, 封包錯誤率, 誤碼率, 誤包率, 漏包率, 失敗率, 封包遺失, 丟封包率",
  other:
    "抖動, 使用率, 負載, 利用率, 電量, 覆蓋率, 折扣, 剩餘, 成長, 完成度, 機率, 佔用率, 佔用, 滿載率, 閾值, 間隔, 週期, 每隔, 逾時, 超時, 維護時間, 溫度, 濕度, 滲透率, 上漲, 電池",
};

export function measureEntries(): Entry[] {
  const entries: Entry[] = [];
  const unit = (phrase: string, of: Unit) => entries.push({ phrase, sense: { kind: "unit", unit: of } });
  for (const [factor, words] of TIME) for (const phrase of split(words)) unit(phrase, { dimension: "time", factor });
  for (const [rate, words] of RATES) for (const phrase of split(words)) unit(phrase, rate);
  for (const phrase of ["趴", "個百分比", "百分比"]) unit(phrase, PERCENT);
  for (const phrase of split(OTHER_UNITS)) unit(phrase, OTHER);
  for (const direction of ["downlink", "uplink", "both"] as const) {
    for (const phrase of split(DIRECTIONS[direction])) entries.push({ phrase, sense: { kind: "direction", direction } });
  }
  for (const measure of ["bandwidth", "latency", "reliability", "availability", "loss", "other"] as const) {
    for (const phrase of split(MEASURES[measure])) entries.push({ phrase, sense: { kind: "measure", measure } });
  }
  return entries;
}
