// SPDX-License-Identifier: AGPL-3.0-or-later
import { ToastProvider } from "@farol/web/components/toast";
import { Refusal } from "@farol/web/api/refusal";
import { Words } from "@farol/web/i18n/kit";
import { applyTheme, storedTheme } from "@farol/web/lib/theme";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { Route, Switch } from "wouter";
import { SESSION_KEY, useMay } from "../api/session";
import { AccountPage } from "../features/account/account-page";
import { InvitationPage } from "../features/account/invitation-page";
import { ForgottenPage, ResetPage } from "../features/account/reset-pages";
import { AlertPage } from "../features/alerts/alert-page";
import { HistoryPage } from "../features/alerts/history-page";
import { ComposePage } from "../features/compose/compose-page";
import { PeoplePage } from "../features/people/people-page";
import { PersonPage } from "../features/people/person-page";
import { loadCatalogue } from "../i18n/text";
import { ErrorBoundary } from "./error-boundary";
import { Frame } from "./frame";
import { LiveUpdates } from "./live-updates";
import { NotFoundPage } from "./not-found-page";
import { NowPage } from "./now-page";
import { SessionGate } from "./session-gate";

applyTheme(storedTheme());

const READ_TRIES = 2;

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // Any read that says "not signed in" ends the session here; the gate then asks for a sign-in.
    onError: (error, query) => {
      const ended = error instanceof Refusal && error.status === 401 && query.queryKey[0] !== SESSION_KEY[0];
      if (ended) client.setQueryData(SESSION_KEY, null);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (tries, error) => tries < READ_TRIES && !(error instanceof Refusal && error.status < 500),
    },
    mutations: { retry: false },
  },
});

export function App(): ReactElement {
  return (
    <Words load={loadCatalogue}>
      <QueryClientProvider client={client}>
        <ErrorBoundary>
          <ToastProvider>
            <Switch>
              <Route path="/invitation">
                <InvitationPage />
              </Route>
              <Route path="/reset-password">
                <ResetPage />
              </Route>
              <Route path="/forgotten-password">
                <ForgottenPage />
              </Route>
              <Route>
                <Inside />
              </Route>
            </Switch>
          </ToastProvider>
        </ErrorBoundary>
      </QueryClientProvider>
    </Words>
  );
}

/** What needs a session. */
function Inside(): ReactElement {
  return (
    <SessionGate>
      <News>
        <Frame>
          <Switch>
            <Route path="/">
              <Home />
            </Route>
            <Route path="/alerts/new">
              <ComposePage id={null} />
            </Route>
            <Route path="/alerts/:id/edit">{({ id }) => <ComposePage key={id} id={id} />}</Route>
            <Route path="/alerts/:id">{({ id }) => <AlertPage key={id} id={id} />}</Route>
            <Route path="/history">
              <HistoryPage />
            </Route>
            <Route path="/people">
              <PeoplePage />
            </Route>
            <Route path="/people/:id">{({ id }) => <PersonPage key={id} id={id} />}</Route>
            <Route path="/account">
              <AccountPage />
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </Frame>
      </News>
    </SessionGate>
  );
}

/** Who may not see alerts, as who only administers people, gets no news of them either. */
function News({ children }: { children: ReactNode }): ReactElement {
  return useMay("alert.view") ? <LiveUpdates>{children}</LiveUpdates> : <>{children}</>;
}

function Home(): ReactElement {
  const sees = useMay("alert.view");
  const administers = useMay("user.manage");
  if (sees) return <NowPage />;
  return administers ? <PeoplePage /> : <AccountPage />;
}
