// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/chain.h"

#include "cbe/store/alert_record.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {

void put_in_chain(store::Transaction& txn, const Alert& alert) {
    txn.put(tables::kChains, store::Key().uuid(alert.chain).number(alert.revision),
            store::Key().uuid(alert.id));
}

std::vector<Alert> chain_of(const store::Reader& reader, const AlertId& chain) {
    std::vector<AlertId> ids;
    const store::Key prefix = store::Key().uuid(chain);
    reader.scan(tables::kChains, prefix, prefix, [&](std::string_view, std::string_view value) {
        if (const auto id = store::KeyReader(value).uuid()) ids.push_back(*id);
        return true;
    });
    // Approved by a version that knew no updates: it has no row.
    if (ids.empty() || ids.front() != chain) ids.insert(ids.begin(), chain);
    std::vector<Alert> all;
    for (const AlertId& id : ids)
        if (auto alert = find_alert(reader, id); alert && alert->approved_at)
            all.push_back(*std::move(alert));
    return all;
}

std::optional<Alert> head_of(const store::Reader& reader, const AlertId& chain, base::Instant now) {
    std::optional<Alert> head;
    for (Alert& alert : chain_of(reader, chain))
        if (is_live(status_at(alert, now))) head = std::move(alert);
    return head;
}

std::optional<Alert> find_revision(const store::Reader& reader, const AlertId& chain, uint16_t revision) {
    const auto row = reader.get(tables::kChains, store::Key().uuid(chain).number(revision));
    const auto id = row ? store::KeyReader(*row).uuid() : base::Result<AlertId>(chain);
    auto alert = id ? find_alert(reader, *id) : std::nullopt;
    if (!alert || alert->revision != revision) return {};
    return alert;
}

}  // namespace cbe
