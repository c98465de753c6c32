// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/environment_copy.h"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace store {
namespace {

constexpr size_t kPiece = size_t{256} << 10;
constexpr uint64_t kAddressSpace = uint64_t{256} << 30;

struct Pipe {
    base::Fd out;
    base::Fd in;
};

base::Result<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return base::io_error("make a pipe", errno);
    return Pipe{base::Fd(ends[0]), base::Fd(ends[1])};
}

// Up to a whole piece, so that `take` is not called for each page.
base::Result<size_t> read_piece(int fd, std::vector<uint8_t>& piece) {
    size_t have = 0;
    while (have < piece.size()) {
        const ssize_t count = ::read(fd, piece.data() + have, piece.size() - have);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return base::io_error("read the copy", errno);
        if (count == 0) break;
        have += static_cast<size_t>(count);
    }
    return have;
}

base::Result<void> hand_on(int fd, const JournalSink::Take& take) {
    std::vector<uint8_t> piece(kPiece);
    while (true) {
        const auto count = read_piece(fd, piece);
        if (!count) return count.error();
        if (*count == 0) return {};
        if (auto taken = take(base::ByteView(piece).first(*count)); !taken) return taken;
    }
}

struct CloseEnv {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
};
using EnvPtr = std::unique_ptr<MDB_env, CloseEnv>;

base::Error corrupt(const std::filesystem::path& data, int code) {
    return {base::ErrorKind::kCorrupt, data.string() + ": " + mdb_strerror(code)};
}

base::Result<EnvPtr> open_copy(const std::filesystem::path& data) {
    MDB_env* raw = nullptr;
    if (const int code = mdb_env_create(&raw); code != 0) return lmdb_error("create environment", code);
    EnvPtr env{raw};
    int code = mdb_env_set_mapsize(raw, kAddressSpace);
    constexpr unsigned kFlags = MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS;
    if (code == 0) code = mdb_env_open(raw, data.c_str(), kFlags, 0600);
    if (code != 0) return corrupt(data, code);
    return env;
}

}  // namespace

base::Result<void> copy_environment(const LmdbEnv& env, const JournalSink::Take& take) {
    auto pipe = make_pipe();
    if (!pipe) return pipe.error();
    int code = 0;
    // Signals belong to the loop; and a SIGPIPE, when `take` has had enough, to nobody.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread writer([&] {
        code = mdb_env_copyfd2(env.raw(), pipe->in.get(), MDB_CP_COMPACT);
        pipe->in = base::Fd();
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    const auto taken = hand_on(pipe->out.get(), take);
    pipe->out = base::Fd();
    writer.join();
    if (!taken) return taken;
    if (code != 0) return lmdb_error("copy", code);
    return {};
}

namespace {

// A file that ends before its last page would be a SIGBUS when that page is read.
base::Result<void> check_length(MDB_env* env, const std::filesystem::path& data) {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env, &info);
    mdb_env_stat(env, &stat);
    std::error_code code;
    const auto size = std::filesystem::file_size(data, code);
    if (code || size / stat.ms_psize <= info.me_last_pgno)
        return base::Error{base::ErrorKind::kCorrupt, data.string() + ": ends before its last page"};
    return {};
}

struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

// Rows from the first with such a beginning on; all, when it is empty. Touches every octet.
base::Result<uint64_t> read_rows(MDB_txn* txn, std::string_view beginning,
                                 const std::filesystem::path& data) {
    MDB_dbi tree = 0;
    MDB_cursor* raw = nullptr;
    int code = mdb_dbi_open(txn, nullptr, 0, &tree);
    if (code == 0) code = mdb_cursor_open(txn, tree, &raw);
    if (code != 0) return corrupt(data, code);
    const std::unique_ptr<MDB_cursor, CloseCursor> cursor{raw};
    MDB_val key{beginning.size(), const_cast<char*>(beginning.data())};
    MDB_val value;
    uint64_t rows = 0;
    uint8_t sum = 0;
    for (code = mdb_cursor_get(raw, &key, &value, beginning.empty() ? MDB_FIRST : MDB_SET_RANGE); code == 0;
         code = mdb_cursor_get(raw, &key, &value, MDB_NEXT)) {
        if (!std::string_view(static_cast<const char*>(key.mv_data), key.mv_size).starts_with(beginning))
            break;
        for (size_t at = 0; at < value.mv_size; at += 512)
            sum ^= static_cast<const uint8_t*>(value.mv_data)[at];
        ++rows;
    }
    [[maybe_unused]] const volatile uint8_t keep = sum;
    if (code != 0 && code != MDB_NOTFOUND) return corrupt(data, code);
    return rows;
}

base::Result<CopyFacts> look_at(const std::filesystem::path& data, std::string_view beginning) {
    const auto env = open_copy(data);
    if (!env) return env.error();
    if (auto whole = check_length(env->get(), data); !whole) return whole.error();
    MDB_txn* raw = nullptr;
    if (const int code = mdb_txn_begin(env->get(), nullptr, MDB_RDONLY, &raw); code != 0)
        return corrupt(data, code);
    const LmdbTxn txn{raw};
    const auto rows = read_rows(raw, beginning, data);
    if (!rows) return rows.error();
    const auto meta = read_meta(txn);
    if (!meta) return meta.error().within(data.string());
    return CopyFacts{*meta, *rows};
}

}  // namespace

base::Result<CopyFacts> inspect_copy(const std::filesystem::path& data) { return look_at(data, {}); }

base::Result<Meta> read_copy_meta(const std::filesystem::path& data) {
    // Its rows are read with care first: below, a page that cannot be read ends the process.
    const auto facts = look_at(data, std::string(kMetaTable) + '\0');
    if (!facts) return facts.error();
    return facts->meta;
}

}  // namespace store
