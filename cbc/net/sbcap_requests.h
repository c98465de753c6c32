// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Between warnings and SBc-AP: a PeerRequest as the message that asks for it, and answers, indications,
// places and causes as domain values. Pure functions. TS 29.168 §4.3.
//
// The network tells which tracking area a cell is in: a request for cells names their areas too, so that the
// MME need not ask all of its eNBs. Without a tracking area for each of the cells none is named.
#pragma once

#include <optional>
#include <vector>

#include "cbc/domain/network.h"
#include "cbc/net/request_queue.h"
#include "cbc/wire/sbcap_message.h"

namespace cbc {

// Fails for what SBc-AP cannot say: a status query, a text that cannot be coded, places of another
// technology.
base::Result<sbcap::Message> to_sbcap(const PeerRequest& request, const Network& network);

// What the response to a write or a stop says of the places that were asked for.
PeerAnswer answer_in(const sbcap::WarningResponse& response, const PeerRequest& asked,
                     const Network& network);

// `network` knows the cells of an eNB on which nothing was left to cancel.
Report report_in(const sbcap::WriteReplaceWarningIndication& indication);
Report report_in(const sbcap::StopWarningIndication& indication, const Network& network);

// What has restarted, of one node.
struct RestartedPart {
    RadioNode node;
    std::vector<PlacePattern> places;
};
std::vector<RestartedPart> restarted_in(const sbcap::PwsRestartIndication& indication);
std::vector<CellFailure> failures_in(const sbcap::PwsFailureIndication& indication);

}  // namespace cbc
