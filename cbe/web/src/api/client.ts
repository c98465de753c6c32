// SPDX-License-Identifier: AGPL-3.0-or-later
import { makeApi } from "@farol/web/api/client";
import type { paths } from "#cbe-api";

const api = makeApi<paths>();

export const http = api.http;
export const setCsrfToken = api.setCsrfToken;
