// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Between warnings and CBSP: a PeerRequest as the message that asks for it, and answers, cells and causes as
// domain values. Pure functions. TS 48.049 §8.1.3; README.md of domain/ has the table of what is asked when.
#pragma once

#include <optional>
#include <vector>

#include "cbc/domain/peer_request.h"
#include "cbc/net/cbsp_manner.h"
#include "cbc/net/request_queue.h"
#include "cbc/wire/cbsp_message.h"

namespace cbc {

// Fails only for a text that cannot be coded, which admission has refused before.
base::Result<cbsp::Message> to_cbsp(const PeerRequest& request, const CbspManner& manner = {});

// What an answer to WRITE-REPLACE, KILL or MESSAGE STATUS QUERY says; none for every other message.
std::optional<PeerAnswer> answer_in(const cbsp::Message& message);

// The message that it is about, as far as it says so.
std::optional<MessageReference> reference_in(const cbsp::Message& message);

std::vector<PlacePattern> patterns_in(const cbsp::CellList& cells);
std::vector<CellFailure> failures_in(const cbsp::FailureList& failures);

// How many broadcasts are asked for: as many as fit before the end, so that the message ends there even when
// nobody is left to kill it; 0 (until killed) when that is more than CBSP can say.
uint16_t broadcasts_for(const Schedule& schedule, base::Instant at);

}  // namespace cbc
