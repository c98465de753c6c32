// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two twins' alerts brought together: the higher revision counts, and a stop beats all of them. In whichever
// order and however often offers come, both end with the same.
#pragma once

#include "cbc/domain/admission.h"

namespace cbc {

// What a twin says that it has.
struct TwinOffer {
    AlertId id;
    Revision revision;
    Digest digest;
    bool stopped = false;
    friend bool operator==(const TwinOffer&, const TwinOffer&) = default;
};
TwinOffer offer_of(const AlertRevision& revision, bool stopped);

enum class TwinMerge {
    kNothing,   // it is known here, or better
    kFetch,     // the twin's alert is to be had
    kConflict,  // one revision with two contents: a CBE has broken the contract. Each keeps its own
};
TwinMerge merge_of(const Held& held, const TwinOffer& offer);

}  // namespace cbc
