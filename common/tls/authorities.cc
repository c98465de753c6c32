// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/authorities.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

namespace tls {
namespace {

using base::ErrorKind;
using StorePtr = std::unique_ptr<X509_STORE, base::FreeWith<X509_STORE_free>>;
using StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, base::FreeWith<X509_STORE_CTX_free>>;

void free_certificates(STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); }
using StackPtr = std::unique_ptr<STACK_OF(X509), base::FreeWith<free_certificates>>;

// Every certificate of a PEM file, in its order; other things in it are passed over.
base::Result<std::vector<X509Ptr>> read_certificates(const std::string& path) {
    ERR_clear_error();
    const auto text = read_file(path);
    if (!text) return text.error();
    const BioPtr in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    if (!in) return openssl_error(ErrorKind::kUnavailable, "read " + path);
    std::vector<X509Ptr> out;
    while (X509* one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) out.emplace_back(one);
    const unsigned long last = ERR_peek_last_error();
    if (out.empty() || ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
        return openssl_error(ErrorKind::kInvalid, "certificates of " + path);
    ERR_clear_error();
    return out;
}

std::string subject_of(const X509* certificate) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out) return {};
    X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0,
                       XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    const long length = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<size_t>(length)};
}

bool contains(const STACK_OF(X509) * chain, const X509* certificate) {
    for (int i = 0; i < sk_X509_num(chain); ++i)
        if (X509_cmp(sk_X509_value(chain, i), certificate) == 0) return true;
    return false;
}

// Whether each of `bundle` stands in the chain of the certificate at `own_path`. Its dates don't matter here.
base::Result<bool> all_signed(const std::vector<X509Ptr>& bundle, const std::string& own_path) {
    const auto own = read_certificates(own_path);
    if (!own) return own.error();
    const StorePtr store(X509_STORE_new());
    const StoreCtxPtr context(X509_STORE_CTX_new());
    const StackPtr between(sk_X509_new_null());
    if (!store || !context || !between) return openssl_error(ErrorKind::kUnavailable, "look at " + own_path);
    for (const X509Ptr& one : bundle) X509_STORE_add_cert(store.get(), one.get());
    for (const X509Ptr& one : *own)
        if (X509_up_ref(one.get()) == 1 && sk_X509_push(between.get(), one.get()) == 0) X509_free(one.get());
    if (X509_STORE_CTX_init(context.get(), store.get(), own->front().get(), between.get()) != 1)
        return openssl_error(ErrorKind::kUnavailable, "look at " + own_path);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME);
    const bool verified = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
    return verified && std::all_of(bundle.begin(), bundle.end(),
                                   [chain](const X509Ptr& one) { return contains(chain, one.get()); });
}

void free_authorities(void* /*parent*/, void* authorities, CRYPTO_EX_DATA* /*data*/, int /*index*/,
                      long /*argl*/, void* /*argp*/) noexcept {
    const std::unique_ptr<Authorities> gone(static_cast<Authorities*>(authorities));
}

int authorities_index() {
    static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_authorities);
    return kIndex;
}

std::string listed(const std::vector<std::string>& roles) {
    std::string out;
    for (const std::string& role : roles) out += (out.empty() ? "" : ", ") + role;
    return out;
}

// An empty list allows everything.
bool allows(const std::vector<std::string>& list, const std::string& word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

base::Error may_not(const X509* signer, const std::string& what, const std::vector<std::string>& only) {
    return base::refused("authority " + subject_of(signer) + " may not name " + what + ", only " +
                         listed(only));
}

}  // namespace

base::Result<Authorities> Authorities::read(const std::vector<Trust>& trusted,
                                            const std::string& own_certificate) {
    Authorities out;
    for (const Trust& trust : trusted)
        if (auto added = out.add(trust, own_certificate); !added) return added.error();
    return out;
}

base::Result<void> Authorities::add(const Trust& trust, const std::string& own_certificate) {
    auto bundle = read_certificates(trust.file);
    if (!bundle) return bundle.error();
    if (trust.roles.empty()) {
        const auto ours = all_signed(*bundle, own_certificate);
        if (!ours) return ours.error();
        if (!*ours)
            return base::invalid(
                "trusted " + trust.file + " did not sign our certificate " + own_certificate +
                ": say which roles it may name, for example {file: " + trust.file + ", roles: [cbe]}");
    }
    const size_t others = all_.size();
    for (X509Ptr& certificate : *bundle) {
        const Authority* known = find(certificate.get());
        if (known != nullptr && known < all_.data() + others)
            return base::invalid("authority " + subject_of(certificate.get()) + " of " + trust.file +
                                 " is trusted by another file too: list it once");
        all_.push_back({std::move(certificate), trust.roles, trust.sites});
    }
    return {};
}

const Authorities::Authority* Authorities::find(const X509* certificate) const {
    for (const Authority& one : all_)
        if (X509_cmp(one.certificate.get(), certificate) == 0) return &one;
    return nullptr;
}

base::Result<void> Authorities::may_name(const STACK_OF(X509) * chain, const Identity& identity) const {
    const int length = chain == nullptr ? 0 : sk_X509_num(chain);
    if (length == 0 || find(sk_X509_value(chain, length - 1)) == nullptr)
        return base::refused("the certificate's authority is not one that is trusted");
    for (int i = 0; i < length; ++i) {
        const Authority* signer = find(sk_X509_value(chain, i));
        if (signer == nullptr) continue;
        if (!allows(signer->roles, identity.role))
            return may_not(signer->certificate.get(), "role " + identity.role, signer->roles);
        if (!allows(signer->sites, identity.site))
            return may_not(signer->certificate.get(), "site " + identity.site, signer->sites);
    }
    return {};
}

base::Result<void> attach(SSL_CTX* context, Authorities authorities) {
    auto kept = std::make_unique<Authorities>(std::move(authorities));
    if (SSL_CTX_set_ex_data(context, authorities_index(), kept.get()) != 1)
        return openssl_error(ErrorKind::kUnavailable, "keep the authorities");
    (void)kept.release();  // free_authorities has them now
    return {};
}

const Authorities* authorities_of(const SSL_CTX* context) {
    return static_cast<const Authorities*>(SSL_CTX_get_ex_data(context, authorities_index()));
}

}  // namespace tls
