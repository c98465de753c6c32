// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Between warnings and N50: a PeerRequest as the messages that ask for it, their answers and refusals as
// values of the domain. Pure functions. TS 29.518 §5.2.2.4, TS 38.413 §8.9; [chk] marks what the standards
// leave open.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cbc/domain/peer_request.h"
#include "cbc/wire/n50_message.h"
#include "cbc/wire/ngap_message.h"

namespace cbc {

struct N50Manner {
    std::string omc_id;  // where nodes send their reports besides; empty: none
    std::string nf_id;   // our NF instance ID; empty: none
};

// The tracking area of a cell, from the cell table.
using AreaOf = std::function<std::optional<uint32_t>(const Place&)>;

// One transfer: the JSON's values and the NGAP message. A request whose places NGAP cannot name in one list
// (cells of LTE and of NR, cells and areas) is several.
struct N50Transfer {
    n50::TransferRequest request;
    ngap::Message message;
    PlaceSet places{};            // empty: everywhere
    std::vector<Tai5gs> areas{};  // of places[i] when it is a cell whose area is known; as many, or none
};

// Fails for what N50 cannot say: a text that cannot be coded, a query how it goes.
base::Result<std::vector<N50Transfer>> to_n50(const PeerRequest& request, const N50Manner& manner,
                                              const AreaOf& area_of);

// The places of an accepted transfer that the AMF does not know.
std::vector<CellFailure> unknown_in(const N50Transfer& transfer, const n50::TransferAnswer& answer);
// Why a transfer was refused. The PWS cause, where there is one, has the numbers of SBc-AP [chk].
Cause cause_of(int status, const n50::Refusal& refusal);

RadioNode radio_node_of(const RanNode& node);
RanNode ran_node_of(const RadioNode& node);

}  // namespace cbc
