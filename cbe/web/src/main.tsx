// SPDX-License-Identifier: AGPL-3.0-or-later
import "@farol/web/styles/main.css";
import "./styles/cbe.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
