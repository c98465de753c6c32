// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/sealer.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/base/fd.h"
#include "common/base/uuid.h"

namespace auth {
namespace {

constexpr size_t kKeyOctets = crypto_secretbox_KEYBYTES;

base::Result<void> create(const std::string& path) {
    const std::string temporary = path + ".new";
    base::Fd file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return base::io_error("create " + temporary, errno);
    const Secret key = Secret::random(kKeyOctets);
    if (::write(file.get(), key.view().data(), key.size()) != static_cast<ssize_t>(key.size()))
        return base::io_error("write " + temporary, errno);
    if (::fsync(file.get()) != 0) return base::io_error("sync " + temporary, errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return base::io_error("rename to " + path, errno);
    return {};
}

}  // namespace

base::Result<Sealer> Sealer::open(const std::string& key_file) {
    base::Fd file{::open(key_file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return base::io_error("open key file " + key_file, errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return base::io_error("stat key file " + key_file, errno);
    if ((status.st_mode & 0007) != 0)
        return base::refused("key file " + key_file + " is open to everybody; make it mode 0600");
    base::Bytes octets(kKeyOctets + 1);
    const ssize_t count = ::read(file.get(), octets.data(), octets.size());
    if (count < 0) return base::io_error("read key file " + key_file, errno);
    if (static_cast<size_t>(count) != kKeyOctets)
        return base::invalid("key file " + key_file + " must have exactly 32 octets");
    octets.resize(kKeyOctets);
    return Sealer{Secret{std::move(octets)}};
}

base::Result<Sealer> Sealer::open_or_create(const std::string& key_file) {
    if (::access(key_file.c_str(), F_OK) != 0 && errno == ENOENT)
        if (auto made = create(key_file); !made) return made.error();
    return open(key_file);
}

std::string Sealer::seal(const Secret& secret) const {
    base::Bytes box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + secret.size());
    base::random_bytes(box.data(), crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box.data() + crypto_secretbox_NONCEBYTES, secret.view().data(), secret.size(),
                          box.data(), key_.view().data());
    return std::string(base::as_text(box));
}

base::Result<Secret> Sealer::unseal(std::string_view box) const {
    constexpr size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    const base::ByteView octets = base::as_bytes(box);
    if (octets.size() < kOverhead)
        return base::Error{base::ErrorKind::kCorrupt, "a sealed secret is shorter than it can be"};
    base::Bytes plain(octets.size() - kOverhead);
    const auto sealed = octets.subspan(crypto_secretbox_NONCEBYTES);
    if (crypto_secretbox_open_easy(plain.data(), sealed.data(), sealed.size(), octets.data(),
                                   key_.view().data()) != 0)
        return base::Error{base::ErrorKind::kCorrupt,
                           "a sealed secret does not open: it was changed, or sealed with another key"};
    return Secret{std::move(plain)};
}

std::string Sealer::keyed_hash(std::string_view text) const {
    std::array<uint8_t, crypto_generichash_BYTES> hash{};
    crypto_generichash(hash.data(), hash.size(), base::as_bytes(text).data(), text.size(), key_.view().data(),
                       key_.size());
    return base::to_hex(hash);
}

}  // namespace auth
