// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/import.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "common/store/key.h"
#include "common/store/record.h"
#include "common/store/write_set.h"

namespace store {
namespace {

constexpr RecordVersion kVersion = 1;
constexpr std::string_view kState = "state";          // by name: ImportState
constexpr std::string_view kAbandoned = "abandoned";  // by table and generation: rows to erase

struct ImportState {
    uint64_t newest = 0;   // generation that was given out last
    uint64_t current = 0;  // that readers see; 0: none
    std::string current_token = {};
    uint64_t building = 0;  // 0: none
    std::string token = {};
    uint64_t next_chunk = 0;
};

std::string state_key(const ImportName& import) { return Key().text(kState).text(import.name).octets(); }
std::string abandoned_key(std::string_view table, uint64_t generation) {
    return Key().text(kAbandoned).text(table).number(generation).octets();
}
std::string beginning_of(uint64_t generation) { return Key().number(generation).octets(); }

base::Result<ImportState> read_state(const Reader& reader, const ImportName& import) {
    const auto row = reader.get(kImportTable, state_key(import));
    if (!row) return ImportState{};
    return decode_record<ImportState>(*row, kVersion, [](RecordVersion, const Json& json) {
        return ImportState{
            json.at("newest").get<uint64_t>(),           json.at("current").get<uint64_t>(),
            json.at("current_token").get<std::string>(), json.at("building").get<uint64_t>(),
            json.at("token").get<std::string>(),         json.at("next_chunk").get<uint64_t>()};
    });
}

void write_state(Transaction& txn, const ImportName& import, const ImportState& state) {
    txn.put(kImportTable, state_key(import),
            encode_record(kVersion, {{"newest", state.newest},
                                     {"current", state.current},
                                     {"current_token", state.current_token},
                                     {"building", state.building},
                                     {"token", state.token},
                                     {"next_chunk", state.next_chunk}}));
}

base::Error another_began(const ImportName& import) {
    return base::conflict("another import of " + import.name + " began meanwhile");
}

}  // namespace

size_t chunk_bytes(const ImportName& import, const std::vector<ImportedRow>& rows) {
    size_t bytes = 0;
    for (const auto& row : rows)
        bytes += WriteSet::row_bytes(import.table, row.key, row.value) + beginning_of(0).size();
    return bytes;
}

base::Result<ImportBegun> begin_import(Transaction& txn, const ImportName& import, const base::Uuid& token) {
    auto state = read_state(txn, import);
    if (!state) return state.error();
    const std::string text = token.text();
    if (state->building != 0 && state->token == text) return ImportBegun{state->building, state->next_chunk};
    if (state->current_token == text) return base::conflict("this import of " + import.name + " is finished");
    if (state->building != 0) txn.put(kImportTable, abandoned_key(import.table, state->building), {});
    state->building = ++state->newest;
    state->token = text;
    state->next_chunk = 0;
    write_state(txn, import, *state);
    return ImportBegun{state->building, 0};
}

base::Result<void> put_chunk(Transaction& txn, const ImportName& import, const base::Uuid& token,
                             uint64_t chunk, const std::vector<ImportedRow>& rows) {
    auto state = read_state(txn, import);
    if (!state) return state.error();
    if (state->building == 0 || state->token != token.text()) return another_began(import);
    if (chunk < state->next_chunk) return {};  // its answer was lost
    if (chunk > state->next_chunk)
        return base::conflict("chunk " + std::to_string(state->next_chunk) + " comes before chunk " +
                              std::to_string(chunk));
    if (chunk_bytes(import, rows) > kChunkBytesMax)
        return base::Error{base::ErrorKind::kLimit,
                           "a chunk has at most " + std::to_string(kChunkBytesMax) + " octets"};
    const std::string beginning = beginning_of(state->building);
    for (const auto& row : rows) txn.put(import.table, beginning + row.key, row.value);
    ++state->next_chunk;
    write_state(txn, import, *state);
    return {};
}

base::Result<void> finish_import(Transaction& txn, const ImportName& import, const base::Uuid& token,
                                 uint64_t chunks) {
    auto state = read_state(txn, import);
    if (!state) return state.error();
    if (state->current_token == token.text()) return {};  // its answer was lost
    if (state->building == 0 || state->token != token.text()) return another_began(import);
    if (state->next_chunk != chunks)
        return base::conflict("chunk " + std::to_string(state->next_chunk) + " of " + std::to_string(chunks) +
                              " is missing");
    if (state->current != 0) txn.put(kImportTable, abandoned_key(import.table, state->current), {});
    state->current = std::exchange(state->building, 0);
    state->current_token = std::exchange(state->token, {});
    state->next_chunk = 0;
    write_state(txn, import, *state);
    return {};
}

bool collect_imports(Transaction& txn, size_t rows_max) {
    std::string abandoned;
    txn.scan(kImportTable, Key().text(kAbandoned), {}, [&](std::string_view key, std::string_view) {
        abandoned = key;
        return false;
    });
    KeyReader reader{abandoned};
    (void)reader.text();
    const auto table = reader.text();
    const auto generation = table ? reader.number() : base::Result<uint64_t>(table.error());
    if (!generation) return false;
    std::vector<std::string> keys;
    txn.scan(*table, beginning_of(*generation), {}, [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return keys.size() < rows_max;
    });
    for (const auto& key : keys) txn.erase(*table, key);
    if (keys.size() < rows_max) txn.erase(kImportTable, abandoned);
    return true;
}

Imported::Imported(const Reader& reader, const ImportName& import) : reader_(reader), table_(import.table) {
    const auto state = read_state(reader, import);
    if (!state || state->current == 0) return;
    generation_ = state->current;
    beginning_ = beginning_of(state->current);
}

std::optional<std::string> Imported::get(std::string_view key) const {
    if (!generation_) return std::nullopt;
    return reader_.get(table_, beginning_ + std::string(key));
}

void Imported::scan(std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& each) const {
    if (!generation_) return;
    reader_.scan(table_, beginning_ + std::string(prefix),
                 from.empty() ? std::string() : beginning_ + std::string(from),
                 [&](std::string_view key, std::string_view value) {
                     return each(key.substr(beginning_.size()), value);
                 });
}

}  // namespace store
