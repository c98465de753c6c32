// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_seat.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/base/fd.h"
#include "common/base/uuid.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace replica {
namespace {

constexpr size_t kFileOctetsMax = 64 * 1024;
constexpr size_t kOthersMax = 64;

base::Result<void> sync_path(const std::filesystem::path& path) {
    const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return base::io_error("sync " + path.string(), errno);
    return {};
}

base::Result<void> make_directory(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return base::io_error("make " + path.string(), error.value());
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    if (error) return base::io_error("restrict " + path.string(), error.value());
    return {};
}

base::Result<SeatFile::Held> held_of(const nlohmann::json& value) {
    json::Problems problems;
    json::Object object(value, problems);
    SeatFile::Held held;
    held.seat.cluster = object.string("cluster", {.max = 64});
    held.seat.id = static_cast<uint64_t>(object.integer("id", {.min = 1}));
    held.founding = object.boolean("founding");
    held.begun = object.optional_boolean("begun").value_or(false);
    std::vector<std::string> texts = object.strings("others", {.max = kOthersMax}, {.max = 512});
    texts.insert(texts.begin(), object.string("address", {.max = 512}));
    if (!problems.empty()) return problems.error();
    for (const std::string& text : texts) {
        auto address = RaftAddress::parse(text);
        if (!address) return address.error();
        held.seat.others.push_back(std::move(*address));
    }
    held.seat.address = held.seat.others.front();
    held.seat.others.erase(held.seat.others.begin());
    return held;
}

}  // namespace

uint64_t new_raft_id() {
    uint64_t id = 0;
    base::random_bytes(&id, sizeof id);
    id >>= 1;
    return id == 0 ? 1 : id;
}

std::string new_cluster_name() {
    std::array<uint8_t, 16> octets{};
    base::random_bytes(octets.data(), octets.size());
    return base::to_hex(octets);
}

base::Result<std::optional<SeatFile::Held>> SeatFile::read() const {
    if (auto made = make_directory(directory_); !made) return made.error();
    if (auto made = make_directory(log()); !made) return made.error();
    std::error_code missing;
    if (!std::filesystem::exists(file(), missing)) return std::optional<Held>{};
    std::ifstream in(file());
    std::string text(kFileOctetsMax, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(in.gcount()));
    const auto value = json::parse(text);
    if (!value) return value.error().within(file().string());
    auto held = held_of(*value);
    if (!held) return held.error().within(file().string());
    return std::optional<Held>(std::move(*held));
}

base::Result<void> SeatFile::write(const Held& held) const {
    nlohmann::json value{{"cluster", held.seat.cluster},        {"id", held.seat.id},
                         {"founding", held.founding},           {"begun", held.begun},
                         {"address", held.seat.address.text()}, {"others", nlohmann::json::array()}};
    for (const RaftAddress& other : held.seat.others) value["others"].push_back(other.text());
    const std::filesystem::path fresh = file().string() + ".new";
    {
        std::ofstream out(fresh, std::ios::trunc);
        out << json::dump(value) << "\n";
        if (!out.flush()) return base::io_error("write " + fresh.string(), errno);
    }
    if (auto synced = sync_path(fresh); !synced) return synced;
    std::error_code error;
    std::filesystem::rename(fresh, file(), error);
    if (error) return base::io_error("rename " + fresh.string(), error.value());
    return sync_path(directory_);
}

base::Result<void> SeatFile::empty_log() const {
    std::error_code error;
    std::filesystem::remove_all(log(), error);
    if (error) return base::io_error("remove " + log().string(), error.value());
    return make_directory(log());
}

base::Result<void> SeatFile::remove() const {
    std::error_code error;
    std::filesystem::remove(file(), error);
    if (error) return base::io_error("remove " + file().string(), error.value());
    if (auto synced = sync_path(directory_); !synced) return synced;
    return empty_log();
}

}  // namespace replica
