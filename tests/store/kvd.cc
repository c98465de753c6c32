// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The smallest daemon on the real store, for the proofs of durability: requests as lines on descriptor 0,
// answers as lines on descriptor 1, whatever these are (pipe, socket, serial line).
//
//     put N KEY BYTES   three rows in three tables, all with the number N and so many octets of filling
//     del N KEY         erases the three
//     dump              "row KEY N N N" for each key (the tables' numbers; - for none, ! for a damaged one),
//     "end" figures           "figures USED FILE ROOM"
//
// A put or del is answered "ok N BATCH", or "refused N KIND TEXT", "not-leader N", "unknown N". The first
// line of all is "ready BATCH". At the end of its input it settles what waits, answers, and exits.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/store/lmdb_env.h"
#include "common/store/lmdb_store.h"
#include "tests/store/file_journal.h"

namespace {

constexpr std::array kTables{"one", "two", "three"};

char filling_of(uint64_t number) { return static_cast<char>('a' + number % 26); }

std::string value_of(uint64_t number, size_t bytes) {
    return std::to_string(number) + ":" + std::string(bytes, filling_of(number));
}

// The number in a value, or "!" when the filling is not what belongs to it.
std::string number_in(std::string_view value) {
    const size_t colon = value.find(':');
    if (colon == std::string_view::npos) return "!";
    const std::string number(value.substr(0, colon));
    const char filling = filling_of(std::strtoull(number.c_str(), nullptr, 10));
    const auto rest = value.substr(colon + 1);
    const bool good = std::all_of(rest.begin(), rest.end(), [&](char c) { return c == filling; });
    return good ? number : "!";
}

class Kvd {
 public:
    Kvd(loop::Loop& loop, store::LmdbStore& store) : loop_(loop), store_(store) {
        say("ready " + std::to_string(store_.applied_index()));
        flush();
        input_ = loop_.watch(STDIN_FILENO, loop::Interest::kRead, [this](loop::Readiness) { on_readable(); });
    }

    // Blocks while the reader is slow: this is a test's daemon, and the reader is the test.
    void flush() {
        flush_later_.reset();
        size_t done = 0;
        while (done < output_.size()) {
            const ssize_t count = write(STDOUT_FILENO, output_.data() + done, output_.size() - done);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) _exit(1);
            done += static_cast<size_t>(count);
        }
        output_.clear();
    }

 private:
    void on_readable() {
        std::array<char, 65536> chunk;
        const ssize_t count = read(STDIN_FILENO, chunk.data(), chunk.size());
        if (count <= 0) {
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
            input_.reset();
            is_ended_ = true;
            stop_when_settled();
            return;
        }
        pending_.append(chunk.data(), static_cast<size_t>(count));
        size_t begin = 0;
        for (size_t end; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1)
            on_line(pending_.substr(begin, end - begin));
        pending_.erase(0, begin);
    }

    void on_line(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        std::string key;
        uint64_t number = 0;
        size_t bytes = 0;
        words >> verb;
        if (verb == "put" && words >> number >> key >> bytes) {
            submit(number, [key, value = value_of(number, bytes)](store::Transaction& txn) {
                for (const char* table : kTables) txn.put(table, key, value);
                return base::Result<void>();
            });
        } else if (verb == "del" && words >> number >> key) {
            submit(number, [key](store::Transaction& txn) {
                for (const char* table : kTables) txn.erase(table, key);
                return base::Result<void>();
            });
        } else if (verb == "dump") {
            dump();
        } else if (verb == "figures") {
            const auto figures = store_.figures();
            say("figures " + std::to_string(figures.space.used) + " " + std::to_string(figures.space.file) +
                " " + std::to_string(static_cast<int>(figures.room)));
            flush();
        }
    }

    void submit(uint64_t number, store::Change change) {
        ++in_flight_;
        store_.submit(std::move(change), [this, number](const store::Done& done) {
            --in_flight_;
            std::string line = std::string(store::to_string(done.outcome)) + " " + std::to_string(number);
            if (done.outcome == store::Outcome::kOk) line += " " + std::to_string(store_.applied_index());
            if (done.outcome == store::Outcome::kRefused)
                line += " " + std::string(base::to_string(done.error.kind)) + " " + done.error.text;
            say(line);
            // One write for all answers of this turn of the loop.
            if (!flush_later_) flush_later_ = loop_.after(std::chrono::microseconds{0}, [this] { flush(); });
            stop_when_settled();
        });
    }

    void dump() {
        std::map<std::string, std::array<std::string, kTables.size()>> rows;
        const auto reader = store_.read();
        for (size_t i = 0; i < kTables.size(); ++i) {
            reader->scan(kTables[i], {}, {}, [&](std::string_view key, std::string_view value) {
                rows[std::string(key)][i] = number_in(value);
                return true;
            });
        }
        for (const auto& [key, numbers] : rows) {
            std::string line = "row " + key;
            for (const auto& number : numbers) line += " " + (number.empty() ? "-" : number);
            say(line);
        }
        say("end");
        flush();
    }

    void say(const std::string& line) { output_ += line + "\n"; }

    void stop_when_settled() {
        if (!is_ended_ || in_flight_ > 0) return;
        flush();
        loop_.stop();
    }

    loop::Loop& loop_;
    store::LmdbStore& store_;
    loop::HandlePtr input_;
    loop::HandlePtr flush_later_;
    std::string pending_;
    std::string output_;
    size_t in_flight_ = 0;
    bool is_ended_ = false;
};

// kvd DIRECTORY [quota BYTES] [reserve BYTES] [margin BYTES] [journal DIRECTORY]; `cut-journal` for `journal`
// cuts it too early
struct Arguments {
    store::StoreConfig config;
    std::string journal;
    bool cuts_unsynced = false;
};

Arguments arguments_of(int argc, char** argv) {
    Arguments arguments;
    store::StoreConfig& config = arguments.config;
    config.directory = argv[1];
    config.quota.reserve = 0;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
        if (name == "quota") config.quota.bytes = value;
        if (name == "reserve") config.quota.reserve = value;
        if (name == "margin") config.quota.batch_margin = value;
        if (name == "journal" || name == "cut-journal") arguments.journal = argv[i + 1];
        if (name == "cut-journal") arguments.cuts_unsynced = true;
    }
    return arguments;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(
            stderr,
            "usage: kvd DIRECTORY [quota BYTES] [reserve BYTES] [margin BYTES] [journal DIRECTORY]\n");
        return 2;
    }
    auto loop = loop::Loop::create();
    if (!loop) return std::fprintf(stderr, "kvd: %s\n", loop.error().text.c_str()), 1;
    auto [config, journal_directory, cuts_unsynced] = arguments_of(argc, argv);
    std::function<void()> last_words;
    config.on_broken = [&](const base::Error&) {
        if (last_words) last_words();  // none before it was ready
        _exit(store::kExitUnreadable);
    };
    auto store = store::LmdbStore::open(config, **loop, logs::Log::discard());
    if (!store) return std::fprintf(stderr, "kvd: %s\n", store.error().text.c_str()), 1;
    std::optional<FileJournal> journal;
    if (!journal_directory.empty()) {
        journal.emplace(journal_directory, cuts_unsynced);
        journal->start((*store)->replicate(*journal));
        // What is replayed is there before the first question.
        if (const auto synced = (*store)->sink().sync().get(); !synced)
            return std::fprintf(stderr, "kvd: %s\n", synced.error().text.c_str()), 1;
    }
    Kvd kvd{**loop, **store};
    last_words = [&] { kvd.flush(); };
    (*loop)->run();
    return 0;
}
