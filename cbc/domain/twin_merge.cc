// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/twin_merge.h"

namespace cbc {

TwinOffer offer_of(const AlertRevision& revision, bool stopped) {
    return {revision.id, revision.revision, revision.digest, stopped};
}

TwinMerge merge_of(const Held& held, const TwinOffer& offer) {
    if (held.revision == nullptr) return TwinMerge::kFetch;
    if (held.stop != nullptr) return TwinMerge::kNothing;
    if (offer.stopped || offer.revision > held.revision->revision) return TwinMerge::kFetch;
    const bool other = offer.revision == held.revision->revision && offer.digest != held.revision->digest;
    return other ? TwinMerge::kConflict : TwinMerge::kNothing;
}

}  // namespace cbc
