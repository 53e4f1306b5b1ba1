// A table whose rows stand as cards, cell below cell, where its container is narrow: a side panel, a phone. Styles only; the container names itself.

/** For a Table within a box of `containerType: "inline-size"`. Up to `width` px its head is heard and not seen. */
export function asCards(width: number) {
  return {
    [`@container (max-width: ${width}px)`]: {
      "&, & tbody, & tr, & td, & tbody th": { display: "block", width: "auto", minWidth: 0 },
      "& thead": { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
      "& tr": { py: 1, borderBottom: 1, borderColor: "divider" },
      "& td, & tbody th": { border: 0, px: 0, py: 0.25, whiteSpace: "normal" },
    },
  } as const;
}
