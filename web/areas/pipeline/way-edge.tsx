// A line from one node to the next. Where that stands in the next row, it goes back to the left between the two rows, and crosses no node.
import { BaseEdge, type Edge, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";

export type WayEdge = Edge<{ turn: number | null }, "way">;

const CORNER = 6; // px, how round
const OUT = 10; // px straight on before it turns

const Way = memo(function Way({ data, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, style }: EdgeProps<WayEdge>) {
  const turn = data?.turn ?? null;
  const [path] = getSmoothStepPath({
    ...{ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition },
    borderRadius: CORNER,
    offset: OUT,
    ...(turn === null ? {} : { centerY: turn }),
  });
  return <BaseEdge path={path} style={style ?? {}} />;
});

export const EDGE_TYPES = { way: Way };
