// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Between warnings and SABP: a PeerRequest as the message that asks for it, and answers, service areas and
// causes as domain values. Pure functions. TS 25.419 §8, §9.1; README.md of domain/ has the table of what is
// asked when.
#pragma once

#include <optional>
#include <vector>

#include "cbc/net/request_queue.h"
#include "cbc/wire/sabp_message.h"

namespace cbc {

// SABP cannot say "everywhere", nor name a location area: AllCells becomes `everything`, the service areas
// that the RNC is known to have, and a location area those of them that are in it. kInvalid when there is
// none, and for a text that cannot be coded, which admission has refused before.
base::Result<sabp::Message> to_sabp(const PeerRequest& request, const sabp::ServiceAreas& everything);

// What an answer says of the service areas; none for every message that is no answer to the three requests.
std::optional<PeerAnswer> answer_in(const sabp::Message& message);
// Which request an answer is to; none for every other message.
struct SabpReference {
    Procedure procedure;
    MessageReference message;
    friend bool operator==(const SabpReference&, const SabpReference&) = default;
};
std::optional<SabpReference> reference_in(const sabp::Message& message);

std::optional<sabp::ServiceArea> service_area_of(const Place& place);
std::vector<PlacePattern> patterns_in(const sabp::ServiceAreas& areas);
std::vector<CellFailure> failures_in(const std::vector<sabp::Failed>& failed);

}  // namespace cbc
