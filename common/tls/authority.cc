// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/authority.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "common/base/fd.h"
#include "common/base/uuid.h"
#include "common/tls/openssl.h"

namespace tls {
namespace {

using base::ErrorKind;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, base::FreeWith<X509_EXTENSION_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, base::FreeWith<BN_free>>;

// Machines' clocks differ: a certificate is good from a little before it was made.
constexpr std::chrono::minutes kClockSlack{5};
constexpr int kSerialOctets = 16;  // RFC 5280 §4.1.2.2 allows 20

base::Error failed(std::string_view what) { return openssl_error(ErrorKind::kUnavailable, what); }

std::time_t seconds_of(base::Instant instant) {
    return std::chrono::duration_cast<std::chrono::seconds>(instant.time_since_epoch()).count();
}

base::Result<PkeyPtr> parse_key(const std::string& pem, const std::string& path) {
    ERR_clear_error();
    const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    PkeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    if (!key) return openssl_error(ErrorKind::kInvalid, "key " + path);
    return key;
}

std::string contents(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<size_t>(size)};
}

std::string name_text(const X509_NAME* name) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
    return contents(out.get());
}

base::Result<Pair> to_pem(X509* certificate, EVP_PKEY* key) {
    const BioPtr cert_out(BIO_new(BIO_s_mem()));
    const BioPtr key_out(BIO_new(BIO_s_secmem()));
    if (PEM_write_bio_X509(cert_out.get(), certificate) != 1) return failed("write a certificate");
    if (PEM_write_bio_PKCS8PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return failed("write a key");
    return Pair{contents(cert_out.get()), contents(key_out.get())};
}

struct Validity {
    base::Instant from;
    std::chrono::days lifetime;
};

// A version 3 certificate with a random serial number, without its extensions.
base::Result<X509Ptr> begin(const std::string& common_name, EVP_PKEY* key, const Validity& validity) {
    X509Ptr certificate(X509_new());
    const NumberPtr serial(BN_new());
    if (!certificate || !serial || BN_rand(serial.get(), kSerialOctets * 8 - 1, BN_RAND_TOP_ANY, 0) != 1 ||
        BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())) == nullptr)
        return failed("make a certificate");
    X509_set_version(certificate.get(), X509_VERSION_3);
    const std::time_t from = seconds_of(validity.from - kClockSlack);
    const std::time_t until = seconds_of(validity.from + validity.lifetime);
    if (ASN1_TIME_set(X509_getm_notBefore(certificate.get()), from) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), until) == nullptr)
        return failed("set a certificate's time");
    X509_NAME* name = X509_get_subject_name(certificate.get());
    if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                   static_cast<int>(common_name.size()), -1, 0) != 1)
        return openssl_error(ErrorKind::kInvalid, "certificate name \"" + common_name + "\"");
    if (X509_set_pubkey(certificate.get(), key) != 1) return failed("set a certificate's key");
    return certificate;
}

base::Result<void> extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
        return openssl_error(ErrorKind::kInvalid, "certificate extension \"" + value + "\"");
    return {};
}

base::Result<void> extend_all(X509* certificate, X509* issuer,
                              const std::vector<std::pair<int, std::string>>& extensions) {
    for (const auto& [kind, value] : extensions) {
        if (auto done = extend(certificate, issuer, kind, value); !done) return done;
    }
    return {};
}

bool is_plain_name(const std::string& name) {
    return !name.empty() && name.size() <= 253 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:") ==
               std::string::npos;
}

// The names go into OpenSSL's "kind:value,…" notation: nothing may be in them that has a meaning there.
base::Result<std::string> alternative_names_of(const Leaf& leaf) {
    auto identity = Identity::parse(leaf.identity.uri);
    if (!identity) return identity.error();
    std::string out = "URI:" + identity->uri;
    for (const auto& name : leaf.dns_names) {
        if (!is_plain_name(name) || name.find(':') != std::string::npos)
            return base::invalid("\"" + name + "\" is not a DNS name");
        out += ",DNS:" + name;
    }
    for (const auto& address : leaf.addresses) {
        if (!is_plain_name(address)) return base::invalid("\"" + address + "\" is not an IP address");
        out += ",IP:" + address;
    }
    return out;
}

base::Result<void> write_file(const std::string& path, const std::string& text, mode_t mode) {
    const std::string temporary = path + "." + base::new_uuid(0).text() + ".tmp";
    base::Fd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file) return base::io_error("write " + temporary, errno);
    size_t done = 0;
    while (done < text.size()) {
        const ssize_t put = ::write(file.get(), text.data() + done, text.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            const int why = errno;
            ::unlink(temporary.c_str());
            return base::io_error("write " + temporary, why);
        }
        done += static_cast<size_t>(put);
    }
    if (::fsync(file.get()) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0) {
        const int why = errno;
        ::unlink(temporary.c_str());
        return base::io_error("write " + path, why);
    }
    return {};
}

}  // namespace

base::Result<CertificateInfo> read_certificate(const std::string& path) {
    const auto pem = read_file(path);
    if (!pem) return pem.error();
    auto certificate = parse_certificate(*pem, path);
    if (!certificate) return certificate.error();
    X509* x509 = certificate->get();
    const auto from = instant_of(X509_get0_notBefore(x509));
    if (!from) return from.error().within(path);
    const auto until = instant_of(X509_get0_notAfter(x509));
    if (!until) return until.error().within(path);
    const NumberPtr serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), nullptr));
    char* hex = BN_bn2hex(serial.get());
    CertificateInfo info{name_text(X509_get_subject_name(x509)),
                         name_text(X509_get_issuer_name(x509)),
                         hex != nullptr ? hex : "",
                         alternative_names(x509, GEN_URI),
                         alternative_names(x509, GEN_DNS),
                         alternative_names(x509, GEN_IPADD),
                         *from,
                         *until,
                         X509_check_ca(x509) == 1};
    OPENSSL_free(hex);
    return info;
}

base::Result<void> Pair::save(const std::string& certificate_path, const std::string& key_path) const {
    if (auto written = write_file(key_path, key, 0600); !written) return written;
    return write_file(certificate_path, certificate, 0644);
}

struct Authority::State {
    X509Ptr certificate;
    PkeyPtr key;
};

Authority::Authority(std::unique_ptr<State> state) : state_(std::move(state)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

base::Result<Authority> Authority::create(const std::string& name, base::Instant now,
                                          std::chrono::days lifetime) {
    PkeyPtr key(EVP_EC_gen("P-256"));
    if (!key) return failed("make a key");
    auto certificate = begin(name, key.get(), {now, lifetime});
    if (!certificate) return certificate.error();
    X509* x509 = certificate->get();
    if (X509_set_issuer_name(x509, X509_get_subject_name(x509)) != 1) return failed("name an authority");
    if (auto done = extend_all(x509, x509,
                               {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                {NID_subject_key_identifier, "hash"}});
        !done)
        return done.error();
    if (X509_sign(x509, key.get(), EVP_sha256()) == 0) return failed("sign an authority");
    return Authority(std::make_unique<State>(State{std::move(*certificate), std::move(key)}));
}

base::Result<Authority> Authority::open(const std::string& certificate_path, const std::string& key_path) {
    const auto certificate_pem = read_file(certificate_path);
    if (!certificate_pem) return certificate_pem.error();
    const auto key_pem = read_file(key_path);
    if (!key_pem) return key_pem.error();
    auto certificate = parse_certificate(*certificate_pem, certificate_path);
    if (!certificate) return certificate.error();
    auto key = parse_key(*key_pem, key_path);
    if (!key) return key.error();
    if (X509_check_private_key(certificate->get(), key->get()) != 1)
        return openssl_error(ErrorKind::kInvalid,
                             "key " + key_path + " does not belong to " + certificate_path);
    if (X509_check_ca(certificate->get()) != 1)
        return base::invalid(certificate_path + " is not an authority's certificate");
    return Authority(std::make_unique<State>(State{std::move(*certificate), std::move(*key)}));
}

base::Result<Pair> Authority::pair() const { return to_pem(state_->certificate.get(), state_->key.get()); }

base::Result<Pair> Authority::issue(const Leaf& leaf, base::Instant now) const {
    const auto names = alternative_names_of(leaf);
    if (!names) return names.error();
    const PkeyPtr key(EVP_EC_gen("P-256"));
    if (!key) return failed("make a key");
    const auto certificate =
        begin(leaf.identity.role + "-" + leaf.identity.node, key.get(), {now, leaf.lifetime});
    if (!certificate) return certificate.error();
    X509* x509 = certificate->get();
    X509* issuer = state_->certificate.get();
    if (X509_set_issuer_name(x509, X509_get_subject_name(issuer)) != 1) return failed("name an issuer");
    if (auto done = extend_all(x509, issuer,
                               {{NID_basic_constraints, "critical,CA:FALSE"},
                                {NID_key_usage, "critical,digitalSignature"},
                                {NID_ext_key_usage, "serverAuth,clientAuth"},
                                {NID_subject_key_identifier, "hash"},
                                {NID_authority_key_identifier, "keyid:always"},
                                {NID_subject_alt_name, *names}});
        !done)
        return done.error();
    if (X509_sign(x509, state_->key.get(), EVP_sha256()) == 0) return failed("sign a certificate");
    return to_pem(x509, key.get());
}

base::Result<Pair> Authority::renew(const CertificateInfo& old, base::Instant now,
                                    std::chrono::days lifetime) const {
    if (old.uris.size() != 1) return base::invalid("the certificate does not carry exactly one URI");
    auto identity = Identity::parse(old.uris.front());
    if (!identity) return identity.error();
    return issue({std::move(*identity), old.dns_names, old.addresses, lifetime}, now);
}

}  // namespace tls
