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

// A question that tests the link and can change nothing: to stop message identifier 65535, which is reserved
// and never broadcast (TS 23.041 §9.4.1.2.2), in tracking area FFFE, which no cell is in (TS 23.003
// §19.4.2.3), so that the MME asks no eNB. It has to answer all the same.
sbcap::Message question_of_nothing(const Network& network);
bool answers_nothing(const sbcap::WarningResponse& response);

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
