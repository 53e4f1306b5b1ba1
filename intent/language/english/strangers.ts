// English words of texts that are none of ours: attacks, other trades, and verbs that this system does not carry out.
import type { Flag } from "../senses.ts";

export const STRANGERS: readonly (readonly [Flag, string])[] = [
  [
    "otherVerb",
    "move, migrate, relocate, transfer, hand over, restart, reboot, pause, suspend, resume, optimise, optimize, fix, repair, rename, clone, copy, isolate, benchmark, troubleshoot, debug, " +
      "secure, encrypt, back up, backup, reset, lock, unlock, export, import, notify, schedule, block, compare, bill, charge, merge, split, swap, replace, touch, test, evacuate, drain, balance, rebalance, " +
      "reconcile, patch, audit, archive, freeze, unfreeze, quarantine, inspect logs, share, transfer, disconnect, reconnect, simulate, predict, forecast, refresh, rotate, tag, annotate, invite, ban, evict, throttle off, exec, ssh, ping, order pizza",
  ],
  [
    "disregard",
    "ignore, disregard, forget, override, bypass, overwrite, skip, discard, circumvent, neglect, set aside, do not follow, don't follow, stop following, violate",
  ],
  [
    "rules",
    "instruction, prompt, guideline, rules, safeguard, restriction, guardrail, system message, directive, programming, policies, safety policy, everything you were told, what you were told, all your training, training, your constraints, safety, everything above, all of the above instructions",
  ],
  [
    "attack",
    "system prompt, system message, you are now, you're now, from now on you, act as a, act as an, act as my, act like, pretend to be, pretend you, pretend that you, jailbreak, developer mode, dan mode, do anything now, roleplay, role play, " +
      "new instructions, your instructions, your guidelines, your rules, your prompt, initial prompt, hidden prompt, without authentication, disable authentication, disable all checks, sudo, rm - rf, drop table, < script, " +
      "curl http, wget http, exec (, eval (, run the command, run this command, shell command, execute the command, env var, environment variable, / etc / passwd, etc passwd, id_rsa, ssh key, base64 decode, " +
      "repeat your, reveal your, you have no restrictions, no restrictions, unrestricted, god mode, admin mode, as an ai, assistant :, system :, < | im_start | >, [ inst ], cat / etc, chmod 777, skip validation, skip approval, bypass approval, bypass the approval, without approval, grant me admin, make me admin",
  ],
  [
    "secret",
    "api key, api keys, apikey, password, passwd, credential, secret, secrets, private key, access token, bearer token, admin token, auth token, token, source code, config secret, claude key",
  ],
  [
    "reveal",
    "print, show, reveal, tell, give, send, leak, dump, what, display, output, expose, list, get, share, email, return, echo, write, disclose, hand over, paste, need, steal",
  ],
  [
    "foreign",
    "slice of cake, slice of pizza, slice of bread, slice of pie, slice of toast, slice of cheese, slice of lemon, slice of ham, slice of melon, slice of life, slice of the pie, slice of the cake, slice of apple, " +
      "poem, song, story, joke, essay, recipe, weather, email, mail, letter, meeting, calendar, wordpress, website, web site, nginx, apache, database, mysql, postgres, redis, docker, virtual machine, blog, " +
      "translation, translate, homework, stock, bitcoin, pizza, restaurant, flight, hotel, movie tickets, coffee, python, javascript, code, script, playlist, invoice, presentation, haiku, lyrics, novel, limerick, " +
      "kubernetes pod, vm, vms, laptop, printer, alarm clock, taxi, uber, ticket to, train ticket, president, horoscope, lottery, math, equation, riddle, table for, game score, hard drive, wifi password, excel, spreadsheet, powerpoint, slide deck, jenkins, gitlab, kafka, elasticsearch, mongodb, load balancer, firewall rule, vpn, user account, my account, subscription plan",
  ],
];
