// SPDX-License-Identifier: AGPL-3.0-or-later
//
// fake-api.mjs DIST PORT [live|training]: serves the built pages with the daemon's page policy, and answers the
// contract from memory with a handful of alerts, one of each kind. It checks nothing: it is for looking at pages in
// states that a real network reaches only by trouble. Everything that decides is tested against cbed itself.
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { canonical } from "../../src/lib/digest.ts";

const [dist, port, mode = "live"] = process.argv.slice(2);
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const ana = { id: "u1", username: "ana", name: "Ana Ferreira" };
const bruno = { id: "u2", username: "bruno", name: "Bruno Costa" };
const carla = { id: "u3", username: "carla", name: "Carla Nunes" };
const cells = [
  "Porto da Vila",
  "Serra Norte",
  "Praia Grande",
  "Vale Fundo",
  "Cais Velho",
  "Monte Alto",
  "Ribeira",
  "Farol da Ponta",
].map((name, index) => ({
  cell: { technology: "gsm", mcc: "001", mnc: "01", lac: 1, ci: 6969 + index },
  name,
  latitude: null,
  longitude: null,
}));
const channel = (key, name, kind, local, optOut, hours) => ({
  key,
  name,
  kind,
  opt_out: optOut,
  default_duration_s: hours * 3600,
  min_duration_s: 300,
  max_duration_s: kind === "live" ? 81000 : 14400,
  repetition_period_s: 60,
  max_languages: 2,
  allowed: key !== "level1",
  identifiers: [{ local, additional: local + 13, meaning: name }],
});
const channels = [
  channel("level1", "Level 1, national", "live", 4370, "no", 22),
  channel("level2", "Level 2, extreme", "live", 4371, "yes", 22),
  channel("level3", "Level 3, severe", "live", 4373, "yes", 22),
  channel("level4", "Level 4, public safety", "live", 4396, "yes", 22),
  channel("rmt", "Monthly test", "test", 4380, "off_by_default", 1),
  channel("exercise", "Exercise", "exercise", 4381, "off_by_default", 1),
];
channels[1].identifiers.push({ local: 4372, additional: 4385, meaning: "Level 2, likely" });

const measure = (text) => {
  const wide = [...text].filter((character) => character.charCodeAt(0) > 255 || "’“”–—…".includes(character));
  const emoji = [...text]
    .map((character, at) => ({ character, at }))
    .filter(({ character }) => character.length > 1);
  const unicode = wide.length > 0;
  const [page, limit] = unicode ? [41, 615] : [93, 1395];
  return {
    encoding: unicode ? "ucs2" : "gsm7",
    characters: text.length,
    limit,
    pages: Math.max(1, Math.ceil(text.length / page)),
    max_pages: 15,
    over_by: Math.max(0, text.length - limit),
    sendable: emoji.length === 0 && text.length > 0,
    tidied: text,
    forced_ucs2: [...text]
      .map((character, at) => ({ character, at }))
      .filter(({ character }) => "’“”–—…".includes(character))
      .map((one) => ({
        ...one,
        replacement: { "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..." }[one.character],
        why: "",
      })),
    refused: emoji.map((one) => ({
      ...one,
      replacement: "",
      why: `The character ${one.character} cannot be sent: phones show pictures differently or not at all. Say it in words.`,
    })),
  };
};

const WORDS = {
  flood:
    "FLOOD WARNING for Porto da Vila and Praia Grande until 22:00. The river Lis is rising fast. Leave low ground now " +
    "and go to the school on the hill. Do not drive through water. Civil Protection, www.example.org",
  smoke:
    "Smoke from a fire at the harbour. Stay indoors, close windows and doors, until further notice. Civil Protection.",
  test: "EXERCISE EXERCISE. This is the monthly exercise of the warning system. You need not do anything. Civil Protection.",
  arabic: "تحذير من الفيضانات في المدينة القديمة حتى الساعة العاشرة مساء. اتجهوا إلى الأماكن المرتفعة الآن.",
};
const now = Date.now();
const at = (minutes) => new Date(now + minutes * 60_000).toISOString();
const alerts = new Map();

function make(n, over) {
  const base = {
    id: `00000000-0000-7000-8000-00000000000${n}`,
    version: 3,
    status: "draft",
    mode,
    channel: "level3",
    message_identifier: 4373,
    messages: [{ language: "en", text: WORDS.flood }],
    area: { kind: "all" },
    duration_s: 3 * 3600,
    repetition_period_s: 60,
    note: "",
    created_by: ana,
    created_at: at(-30),
    updated_at: at(-4),
    submitted_by: null,
    submitted_at: null,
    approved_by: null,
    approved_at: null,
    on_air_at: null,
    ended_at: null,
    start: null,
    end: null,
    serial_number: null,
    revision: 1,
    health: "none",
    counts: {},
    digest: null,
    content: null,
    contributors: [ana],
    eligible_approvers: [bruno, carla],
    sending: [],
    delivery: { summary: {}, peers: [], cells: [] },
    history: [
      { at: at(-30), action: "created", by: ana },
      { at: at(-12), action: "saved", by: ana },
    ],
    ...over,
  };
  alerts.set(base.id, base);
  return base;
}

function freeze(alert) {
  Object.assign(alert, {
    status: "pending_approval",
    submitted_by: ana,
    submitted_at: at(-4),
    serial_number: 16_416,
    start: at(-4),
    end: at(-4 + alert.duration_s / 60),
  });
  alert.content = {
    mode,
    serial_number: alert.serial_number,
    area: alert.area,
    start: alert.start,
    end: alert.end,
    repetition_period_s: 60,
    number_of_broadcasts: null,
    category: "high",
    messages: alert.messages.map((message, index) => ({
      ...message,
      message_identifier: alert.message_identifier + 13 * index,
    })),
  };
  alert.digest = createHash("sha256").update(canonical(alert.content)).digest("hex");
  alert.history.push({ at: at(-4), action: "submitted", by: ana, digest: alert.digest });
  return alert;
}

function air(alert, states) {
  Object.assign(freeze(alert), {
    status: "broadcasting",
    approved_by: bruno,
    approved_at: at(-3),
    on_air_at: at(-3),
    contributors: [ana],
  });
  alert.delivery.cells = cells
    .slice(0, states.length)
    .map(({ cell, name }, index) => ({
      cbc: "cbc-a",
      peer: index < 5 ? "bsc-1" : "bsc-2",
      cell,
      name,
      state: states[index],
      since: at(-3),
      cause: states[index] === "no_answer" ? "No answer within 10 s; trying again" : "",
    }));
  for (const state of states) alert.counts[state] = (alert.counts[state] ?? 0) + 1;
  alert.delivery.peers = ["bsc-1", "bsc-2"].map((peer, index) => ({
    cbc: "cbc-a",
    peer,
    state: index ? states.at(-1) : "broadcasting",
    cause: "",
    since: at(-3),
  }));
  alert.history.push(
    { at: at(-3), action: "approved", by: bruno, digest: alert.digest },
    { at: at(-2.9), action: "on_air", by: null },
  );
  alert.health = states.every((state) => state === "broadcasting") ? "all_confirmed" : "delivery_problem";
  return alert;
}

air(make(1, {}), [
  "broadcasting",
  "broadcasting",
  "broadcasting",
  "broadcasting",
  "broadcasting",
  "broadcasting",
  "broadcasting",
  "no_answer",
]);
freeze(
  make(2, {
    channel: "level2",
    message_identifier: 4371,
    messages: [
      { language: "en", text: WORDS.smoke },
      { language: "ar", text: WORDS.arabic },
    ],
    area: { kind: "cells", cells: cells.slice(0, 3).map((one) => one.cell) },
    note: "Harbour master confirmed at 10:20. The school is open.",
  }),
);
make(3, {
  messages: [{ language: "en", text: WORDS.test }],
  channel: "exercise",
  message_identifier: 4381,
  duration_s: 3600,
});
make(4, {
  status: "returned",
  messages: [{ language: "en", text: WORDS.smoke }],
  history: [
    { at: at(-30), action: "created", by: ana },
    { at: at(-9), action: "submitted", by: ana },
    {
      at: at(-6),
      action: "returned",
      by: bruno,
      reason: "Please say where people should go, and until when.",
    },
  ],
});
Object.assign(freeze(make(5, { messages: [{ language: "en", text: WORDS.smoke }] })), {
  status: "approved",
  approved_by: bruno,
  approved_at: at(-1),
  health: "not_on_air",
  counts: { not_connected: 8 },
  sending: [
    {
      cbc: "cbc-a",
      what: "send",
      state: "waiting",
      attempts: 4,
      next_attempt_at: at(0.1),
      text: "Approved, but NOT ON AIR: the broadcast centre does not answer. Trying again every 5 s.",
    },
  ],
});
Object.assign(air(make(6, {}), Array(8).fill("stopped")), {
  status: "cancelled",
  ended_at: at(-1),
  health: "none",
});
Object.assign(
  air(
    make(7, { messages: [{ language: "en", text: WORDS.test }], channel: "rmt" }),
    Array(8).fill("stopped"),
  ),
  { status: "completed", ended_at: at(-1), health: "none" },
);

let me = null;
let quiet = false;
const streams = new Set();
const csrf = "fake";

const summary = ({ messages, area, ...rest }) => ({
  ...rest,
  excerpt: messages[0]?.text.slice(0, 160) ?? "",
  reach: { kind: area.kind, ...(area.kind === "cells" && { cells: area.cells.length }) },
});

function actions(alert) {
  const writer = alert.contributors.some((one) => one.id === me?.id);
  const draft = alert.status === "draft" || alert.status === "returned";
  const pending = alert.status === "pending_approval";
  const refuse = (code, reason) => ({ allowed: false, code, reason });
  return [
    {
      action: "edit",
      ...(draft ? { allowed: true } : refuse("status", "The alert is not a draft any more.")),
    },
    {
      action: "submit",
      ...(draft && measureAll(alert)
        ? { allowed: true }
        : refuse("not-complete", "The checklist has problems.")),
    },
    {
      action: "approve",
      ...(!pending
        ? refuse("status", "It does not wait for approval.")
        : writer
          ? refuse(
              "contributor",
              "You took part in writing this alert, so you cannot approve it. Ask one of: Bruno Costa, Carla Nunes.",
            )
          : { allowed: true }),
    },
    { action: "return", allowed: pending && !writer },
    { action: "withdraw", allowed: pending && writer },
    { action: "stop", allowed: alert.status === "approved" || alert.status === "broadcasting" },
  ];
}
const measureAll = (alert) =>
  alert.messages.length > 0 &&
  alert.messages.every((message) => measure(message.text).sendable && measure(message.text).over_by === 0) &&
  Boolean(alert.channel);

function whole(alert) {
  const one = alert.messages[0];
  const text = one && one.text ? measure(one.text) : null;
  return {
    ...summary(alert),
    ...alert,
    actions: actions(alert),
    identifier_meaning: `EU-Alert, message identifier ${alert.message_identifier}`,
    messages: alert.messages.map((message, index) => ({
      ...message,
      message_identifier: alert.message_identifier + 13 * index,
      measure: measure(message.text),
    })),
    checklist: [
      {
        item: "channel",
        state: alert.channel ? "ok" : "problem",
        text: alert.channel ? "The channel may be used." : "Choose a channel.",
      },
      {
        item: "text",
        state: text?.sendable && text.over_by === 0 ? "ok" : "problem",
        text: text
          ? text.over_by
            ? `The text is ${text.over_by} characters too long.`
            : "The text fits."
          : "Write the text.",
      },
      {
        item: "area",
        state: alert.area.kind === "all" || alert.area.cells.length ? "ok" : "problem",
        text:
          alert.area.kind === "all" || alert.area.cells.length
            ? "The area has cells."
            : "Choose at least one cell.",
      },
      { item: "duration", state: "ok", text: "The time is within what the channel allows." },
      { item: "approver", state: "ok", text: "2 officers could approve it now." },
      {
        item: "cbc",
        state: "warning",
        text: "The broadcast centre cbc-b does not answer. The alert goes out through cbc-a.",
      },
    ],
  };
}
const network = () => ({
  clock: { synchronised: true },
  cbcs: [
    {
      name: "cbc-a",
      state: mode === "live" ? "up" : "not_used_training",
      since: at(-300),
      text: "",
      peers:
        mode === "live"
          ? [
              { name: "bsc-1", kind: "bsc", state: "up", since: at(-300) },
              { name: "bsc-2", kind: "bsc", state: "down", since: at(-2) },
            ]
          : [],
    },
    {
      name: "cbc-b",
      state: mode === "live" ? "down" : "not_used_training",
      since: at(-2),
      text: "The connection was refused. Trying again every 5 s.",
      peers: [],
    },
  ],
});
const session = () => ({
  user: me,
  permissions: ["alert.view", "alert.create", "alert.approve", "alert.stop"],
  authority: { id: "a1", name: "Civil Protection, Demo Region", mode, help_phone: "+351 210 000 112" },
  csrf_token: csrf,
  expires_at: at(30),
  server_time: new Date().toISOString(),
});
const tell = (event, data) => {
  for (const stream of streams)
    if (!quiet) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
setInterval(() => tell("tick", { server_time: new Date().toISOString() }), 2000).unref();

class Refused extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

const routes = {
  "GET /session": () => {
    if (!me) throw new Refused(401, "sign-in-needed", "Sign in.");
    return session();
  },
  "POST /session": (body) => {
    if (body.challenge === undefined) return { step: "totp", challenge: body.username };
    if (body.totp === "000000")
      throw new Refused(
        401,
        "credentials",
        "User name, password or code is wrong. Wait for the next code and try again.",
      );
    me = [ana, bruno, carla].find((one) => one.username === body.challenge) ?? ana;
    return session();
  },
  "DELETE /session": () => {
    me = null;
    return null;
  },
  "GET /alerts": (_, query) => {
    const wanted = query.getAll("status");
    return {
      next: null,
      items: [...alerts.values()]
        .reverse()
        .filter((one) => !wanted.length || wanted.includes(one.status))
        .map(summary),
    };
  },
  "POST /alerts": (body) =>
    whole(
      make(8, {
        ...body,
        channel: body.channel ?? "",
        message_identifier: body.message_identifier ?? 0,
        created_by: me,
        contributors: [me],
        version: 1,
        created_at: at(0),
        updated_at: at(0),
        history: [{ at: at(0), action: "created", by: me }],
      }),
    ),
  "GET /channels": () => ({ items: channels }),
  "GET /cells": () => ({ items: cells }),
  "GET /network": network,
  "POST /text/measure": (body) => measure(body.text),
};
function onAlert(method, id, action, body) {
  const alert = alerts.get(id);
  if (!alert) throw new Refused(404, "not-found", "There is no such alert.");
  if (method === "GET") return whole(alert);
  if (body.totp === "000000")
    throw new Refused(403, "totp-replayed", "That code was already used. Wait for the next one.");
  if (!action) Object.assign(alert, body, { version: alert.version + 1 });
  if (action === "submit") freeze(alert);
  if (action === "approve") air(alert, Array(8).fill("accepted"));
  if (action === "withdraw") Object.assign(alert, { status: "draft", digest: null, content: null });
  if (action === "return")
    Object.assign(alert, {
      status: "returned",
      digest: null,
      content: null,
      history: [...alert.history, { at: at(0), action: "returned", by: me, reason: body.reason }],
    });
  if (action === "stop")
    Object.assign(alert, {
      status: "cancelled",
      ended_at: new Date().toISOString(),
      health: "stop_not_confirmed",
    });
  tell("alert", summary(alert));
  return whole(alert);
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, "http://x");
  if (!url.pathname.startsWith("/api/v1")) return serveFile(url.pathname, response);
  const where = url.pathname.slice("/api/v1".length);
  if (where === "/quiet") {
    quiet = true;
    return response.end();
  }
  if (where === "/events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    streams.add(response);
    request.on("close", () => streams.delete(response));
    return tell("network", network());
  }
  let text = "";
  for await (const piece of request) text += piece;
  try {
    const body = text ? JSON.parse(text) : {};
    const [, id, action] = /^\/alerts\/([0-9a-f-]{36})(?:\/(\w+))?$/.exec(where) ?? [];
    const answer = id
      ? onAlert(request.method, id, action, body)
      : routes[`${request.method} ${where}`](body, url.searchParams);
    response.writeHead(answer === null ? 204 : 200, { "Content-Type": "application/json" });
    return response.end(answer === null ? undefined : JSON.stringify(answer));
  } catch (error) {
    response.writeHead(error.status ?? 500, { "Content-Type": "application/problem+json" });
    return response.end(
      JSON.stringify({
        status: error.status ?? 500,
        code: error.code ?? "fault",
        detail: error.message,
        request_id: "0192f3c4-5d6e",
      }),
    );
  }
});
function serveFile(name, response) {
  const wanted = path.join(dist, path.normalize(name));
  const file = fs.existsSync(wanted) && fs.statSync(wanted).isFile() ? wanted : path.join(dist, "index.html");
  response.writeHead(200, {
    "Content-Type": TYPES[path.extname(file)] ?? "application/octet-stream",
    "Content-Security-Policy": POLICY,
  });
  fs.createReadStream(file).pipe(response);
}
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
