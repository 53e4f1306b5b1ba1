// English words for sites and slices, and for "all of them".
import type { Flag } from "../senses.ts";

/** The nouns with which a number names a site. */
export const SITE_NOUNS =
  "site, edge, edge site, edge node, edge location, edge cloud, edge cluster, location, node, edge data center, edge dc, site edge, cell site, edge server";

export const PLACES: readonly (readonly [Flag, string])[] = [
  ["siteNoun", `${SITE_NOUNS}, edges, place, edgesite, edgesites`],
  [
    "siteAdjective",
    "registered, available, known, other, remaining, edge, configured, production, lab, active, connected, existing, our, single, and, every, network, of, our",
  ],
  ["quantifier", "all, every, each, entire, whole, any, each and every"],
  [
    "everywhere",
    "everywhere, network wide, networkwide, nationwide, all over, across the network, across the board, the whole network, the entire network, every location, all location, entire edge, whole edge, every edge, all edge, all edges, all sites, every site, each site, " +
      "across all edges, the entire fleet, whole fleet, all four, all of them",
  ],
  ["bothOf", "both"],
  ["first", "first, the first"],
  ["sliceNoun", "slice, network slice, nsi, slicing, slcie, slices"],
];
