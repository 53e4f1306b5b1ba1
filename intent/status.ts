// Could a text be a question about the state of things? A cheap look before the rules read it; the rules decide.

const HINTS =
  /\b(?:status|state|health|healthy|how|what|which|where|who|when|is|are|does|do|did|has|have|show|list|display|get|check|report|see|view|tell|any|alive|running|overview|summary)\b|狀態|狀況|情況|查|顯示|列出|看|如何|怎|哪|嗎|健康|多少|？|\?/i;

/** False only when no word of it asks for anything. */
export function mayAskForStatus(text: string): boolean {
  return HINTS.test(text);
}
