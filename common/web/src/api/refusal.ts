// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a request can end in besides its answer.

export interface FieldProblem {
  field: string;
  detail: string;
}

/** The server refused: RFC 9457 problem. `message` is its sentence, made to be shown as it is. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly fields: FieldProblem[];
  readonly retryAfterS: number | null;

  constructor(status: number, body: unknown, retryAfterS: number | null = null) {
    const problem = isRecord(body) ? body : {};
    const title = text(problem["title"]);
    super(text(problem["detail"]) || title || `The server answered ${status}.`);
    this.status = status;
    this.code = text(problem["code"]);
    this.requestId = text(problem["request_id"]);
    this.fields = fieldProblems(problem["errors"]);
    this.retryAfterS = retryAfterS;
  }
}

/** No answer came: the connection failed or took too long. */
export class Unreachable extends Error {}

/** It was repeated with the same key and still nobody can say whether it happened. */
export class Unsure extends Error {}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((one) => ({ field: text(one["field"]), detail: text(one["detail"]) }));
}
