// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/store/file_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

namespace {

constexpr size_t kFileOctets = size_t{256} << 10;

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    _exit(1);
}

struct Head {
    uint32_t octets;
    uint32_t unused;
    uint64_t index;
    uint64_t sum;
};

// FNV-1a, 64 bits.
uint64_t check_sum(uint64_t index, const base::Bytes& entry) {
    uint64_t sum = 0xcbf29ce484222325 ^ index;
    for (const uint8_t octet : entry) sum = (sum ^ octet) * 0x100000001b3;
    return sum;
}

void sync_directory(const std::filesystem::path& directory) {
    const base::Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || fsync(fd.get()) != 0) give_up("sync the journal's directory");
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> files;
    for (const auto& one : std::filesystem::directory_iterator(directory)) files.push_back(one.path());
    std::sort(files.begin(), files.end());
    return files;
}

uint64_t first_of(const std::filesystem::path& file) {
    return std::strtoull(file.filename().string().substr(8).c_str(), nullptr, 10);
}

}  // namespace

FileJournal::FileJournal(std::filesystem::path directory, bool cuts_unsynced)
    : directory_(std::move(directory)), cuts_unsynced_(cuts_unsynced) {
    std::filesystem::create_directory(directory_);
    sync_directory(directory_.parent_path());
}

FileJournal::~FileJournal() {
    {
        std::lock_guard hold{mutex_};
        is_over_ = true;
    }
    something_.notify_one();
    if (thread_.joinable()) thread_.join();
    if (sink_ != nullptr) sink_->detach().wait();
}

void FileJournal::start(store::JournalSink& sink) {
    sink_ = &sink;
    next_ = sink.applied_index() + 1;
    const auto files = files_in(directory_);
    if (!files.empty()) {
        const uint64_t first = first_of(files.front());
        if (first > next_) {
            std::fprintf(stderr, "the store has entries up to %llu, the journal begins at %llu\n",
                         static_cast<unsigned long long>(next_ - 1), static_cast<unsigned long long>(first));
            _exit(1);
        }
        next_ = first;
    }
    for (const auto& file : files) next_ = replay(file, next_);
    open_file();
    sink.lead();
    thread_ = std::thread([this] { run(); });
}

uint64_t FileJournal::replay(const std::filesystem::path& file, uint64_t expected) {
    std::ifstream in(file, std::ios::binary);
    Head head{};
    while (in.read(reinterpret_cast<char*>(&head), sizeof head) && head.octets <= store::kEntryOctetsMax) {
        base::Bytes entry(head.octets);
        if (!in.read(reinterpret_cast<char*>(entry.data()), static_cast<std::streamsize>(entry.size())))
            break;
        if (head.index != expected || head.sum != check_sum(head.index, entry)) break;
        sink_->committed(expected++, std::move(entry));
    }
    return expected;
}

void FileJournal::propose(store::BatchId, base::Bytes entry) {
    {
        std::lock_guard hold{mutex_};
        proposed_ = std::move(entry);
    }
    something_.notify_one();
}

void FileJournal::run() {
    while (true) {
        std::unique_lock hold{mutex_};
        something_.wait(hold, [&] { return is_over_ || proposed_; });
        if (!proposed_) return;
        base::Bytes entry = *std::exchange(proposed_, std::nullopt);
        hold.unlock();
        append(entry);
        sink_->committed(next_++, std::move(entry));
        if (in_file_ < (cuts_unsynced_ ? 1 : kFileOctets)) continue;
        open_file();
        cut();
    }
}

void FileJournal::append(const base::Bytes& entry) {
    const Head head{static_cast<uint32_t>(entry.size()), 0, next_, check_sum(next_, entry)};
    base::Bytes whole(sizeof head + entry.size());
    std::memcpy(whole.data(), &head, sizeof head);
    std::copy(entry.begin(), entry.end(), whole.begin() + sizeof head);
    if (write(file_.get(), whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()) ||
        fdatasync(file_.get()) != 0)
        give_up("append to the journal");
    in_file_ += whole.size();
}

// A file of the same name holds nothing that was committed.
void FileJournal::open_file() {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "journal-%020llu", static_cast<unsigned long long>(next_));
    file_ = base::Fd(::open((directory_ / name.data()).c_str(),
                            O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    if (!file_) give_up("make a file of the journal");
    sync_directory(directory_);
    in_file_ = 0;
}

// Files of which the store has every entry on the disk.
void FileJournal::cut() {
    uint64_t safe = next_ - 1;
    if (!cuts_unsynced_) {
        const auto synced = sink_->sync().get();
        if (!synced) return;
        safe = *synced;
    }
    const auto files = files_in(directory_);
    for (size_t i = 0; i + 1 < files.size(); ++i)
        if (first_of(files[i + 1]) <= safe + 1) std::filesystem::remove(files[i]);
    sync_directory(directory_);  // no help by files that come back
}
