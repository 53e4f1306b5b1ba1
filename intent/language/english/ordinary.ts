// English words that are right as they are and one slip away from a word of the tables: never "corrected".

export const ORDINARY =
  "remote, state, stage, sale, sales, slide, slides, side, sides, size, sized, sliced, cite, suite, night, might, right, then, them, they, there, their, these, those, this, that, than, thank, " +
  "with, will, well, want, went, were, where, what, when, need, seed, feed, send, some, same, come, came, more, move, moved, mode, model, late, later, latest, rates, ratio, data, date, dates, " +
  "here, hear, year, near, next, text, test, tests, rest, best, must, just, most, post, host, cost, last, past, fast, cast, care, core, cores, cope, hope, home, house, user, used, uses, " +
  "user's, else, ease, each, reach, teach, team, teams, term, terms, form, from, farm, warm, firm, team, real, really, ready, read, road, load, loads, long, line, lines, link, links, like, " +
  "live, life, five, give, drive, first, firsts, three, tree, free, freed, meet, met, meter, metre, letter, later, water, matter, better, center, centre, enter, order, older, under, until, unit, " +
  "room, rooms, boom, book, look, looks, took, tool, tools, pool, cool, school, could, would, should, cloud, crowd, crown, brown, down, town, own, open, often, upon, also, only, once, over, ever, " +
  "even, event, events, every, very, vary, carry, marry, city, site's, plant, plan, plane, place, plaza, price, prices, pride, prime, crime, time, times, name, game, games, team's, campus, campaign, company, customer, " +
  "creates, great, greet, green, agree, agreed, degree, create, crate, dare, dear, dead, deal, mean, meal, meat, seat, heat, treat, threat, through, though, thought, tough, enough, laugh, lunch, bunch, " +
  "reads, reset, repeat, report, reported, resort, support, supports, supporting, supported, important, import, export, expert, except, accept, expect, aspect, respect, inspect, stream, streams, stop, shop, ship, chip, " +
  "cell, sell, tell, bell, well, wall, call, calls, fall, full, pull, push, bush, busy, easy, east, west, north, south, mouth, month, mother, other, others, rather, gather, father, further, number, member, " +
  "remember, december, november, october, september, august, today, tomorrow, tonight, around, ground, grounds, round, sound, found, bound, wound, window, windows, minimum, maximum, maximal, optimum, autumn, leaves, leave, leaf, " +
  "clinic, clinics, dentist, hill, hills, mill, mall, malls, airport, airports, sport, sports, march, april, june, july, monday, tuesday, wednesday, thursday, friday, saturday, sunday, morning, evening, " +
  "client, clients, patient, patients, parent, agent, agents, museum, library, libraries, station, stations, nation, notation, ration, mission, session, version, vision, region, regions, legion, religion, " +
  "regards, cheers, best, kind, dear, team, folks, guys, friend, friends, boss, ops, please, pls, hope, note, notes, noted, done, gone, none, phone, zone, zones, tone, stone, alone, along, among, strong, wrong, " +
  "slim, slow, slower, lower, tower, towers, power, flower, shower, however, whoever, whether, weather, either, neither, ether, fiber, fibre, cable, table, tables, able, stable, enable, unable, usable, " +
  "edged, edgy, ledge, hedge, wedge, site, bite, kite, lite, lice, price, spice, slick, stick, stack, stock, shock, clock, block, blocks, flock, black, back, pack, packs, rack, track, trucks, truck, struck, " +
  "rollin, roller, rolling, roles, role, rule, ruled, sealed, scaled, scales, sealing, ceiling, cling, clean, clear, cleared, nuclear, unclear, seal, scan, scanner, scanners, scarce, escape, landscape, " +
  "devise, advice, advise, revised, deviceless, metric, metrics, matric, symmetry, latent, lately, flatly, latex, patent, potency, fluency, agency, emergency, currency, frequency, frequent, recency, decency";
