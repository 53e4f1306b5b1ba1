// Characters that are written in more than one way: simplified and variant forms, read as the traditional ones of the tables.
// Only characters of the tables are here; this is no converter of text.

const PAIRS =
  "网網 络絡 边邊 缘緣 点點 节節 设設 备備 装裝 个個 万萬 亿億 两兩 带帶 宽寬 频頻 时時 迟遲 传傳 输輸 丢丟 开開 启啟 啓啟 关關 闭閉 删刪 终終 扩擴 缩縮 调調 级級 减減 复復 複復 覆復 还還 滚滾 销銷 毁毀 " +
  "载載 显顯 状狀 态態 况況 询詢 优優 权權 专專 业業 务務 电電 视視 讯訊 车車 辆輛 驾駕 驶駛 医醫 疗療 术術 远遠 机機 厂廠 动動 联聯 规規 测測 监監 摄攝 头頭 灯燈 农農 场場 园園 区區 楼樓 层層 户戶 众眾 " +
  "衆眾 观觀 连連 线線 缐線 云雲 游遊 戏戲 现現 实實 虚虛 拟擬 强強 请請 谢謝 烦煩 帮幫 给給 为為 爲為 从從 后後 这這 么麼 样樣 吗嗎 没沒 对對 错錯 应應 该該 说說 话話 别別 无無 须須 处處 当當 发發 与與 " +
  "幷並 种種 极極 达達 维維 护護 报報 检檢 验驗 觅覓 统統 计計 号號 编編 码碼 龄齡 国國 际際 东東 贴貼 单單 双雙 纳納 总總 数數 压壓 负負 词詞 钥鑰 写寫 诗詩 气氣 订訂 饭飯 邮郵 译譯 价價 钱錢 块塊 臺台 " +
  "颱台 里裡 裏裡 创創 产產 脉脈 资資 险險 厅廳 赛賽 馆館 会會 议議 体體 艺藝 标標 签簽 仓倉 储儲 运運 货貨 轮輪 舰艦 飞飛 条條 张張 盏盞 颗顆 间間 组組 门門 岁歲 阶階 环環 污汙 温溫 湿濕 链鏈 冻凍 热熱 " +
  "锁鎖 续續 结結 继繼 暂暫 旧舊 历歷 变變 换換 误誤 将將 让讓 于於 离離 济濟 队隊 员員 语語 声聲 听聽 图圖 书書 览覽 广廣 兴興 乐樂 剧劇 咨諮 问問 题題 谁誰 几幾 进進 过過 迁遷 试試 软軟 盘盤 库庫 据據 " +
  "脚腳 稳穩 顺順 畅暢 顿頓 坏壞 挂掛 断斷 尽盡 约約 够夠 满滿 额額 绝絕 顶頂 档檔 纪紀 录錄 类類 称稱 义義 仅僅 纯純 钟鐘 鈡鐘 周週 响響 遗遺 帧幀 赖賴 证證 认認 谈談 骑騎 脑腦 笔筆 记記 适適 余餘 汇匯 " +
  "锐銳 羣群 峯峰 着著 尔爾 圆圓 币幣 临臨 触觸 觉覺 盖蓋 岛島 华華 县縣 乡鄉 镇鎮 湾灣 龙龍 岭嶺 汉漢 营營 职職 学學 习習 练練 战戰 军軍 灾災 难難 伤傷 诊診 药藥 养養 猪豬 鸡雞 鱼魚 鸟鳥 树樹 桥橋 铁鐵 " +
  "轨軌 布佈 并並";

/** From a form to the one that the tables use; each is one UTF-16 unit. */
export const VARIANTS: Readonly<Record<string, string>> = Object.fromEntries(
  PAIRS.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)]),
);
