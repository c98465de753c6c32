// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as an entry of the journal. What decodes must encode, and decode to the same rows; the beginning
// alone must say the same as the whole.
#include <cstdlib>

#include "common/store/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const base::ByteView octets(data, size);
    const auto entry = store::decode_entry(octets);
    const auto blobs = store::blobs_of(octets);
    if (!entry) return 0;
    if (!blobs || entry->batch != *store::batch_of(octets)) std::abort();
    const auto again = store::decode_entry(store::encode_entry(entry->batch, entry->writes));
    if (!again || again->batch != entry->batch || again->writes.blobs() != entry->writes.blobs())
        std::abort();
    const auto& rows = entry->writes.rows();
    if (again->writes.rows().size() != rows.size()) std::abort();
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto& other = again->writes.rows()[i];
        if (other.table != rows[i].table || other.key != rows[i].key || other.value != rows[i].value)
            std::abort();
    }
    return 0;
}
