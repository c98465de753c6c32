// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sbcap_codec.h"
#include "tests/peers/mass/fakes.h"

namespace mass {
namespace {

namespace sbcap = cbc::sbcap;

constexpr uint32_t kPpid = 24;
constexpr uint32_t kCells = 1U << 28;
constexpr size_t kUnsentOctetsMax = 64 * 1024 * 1024;  // a hundred thousand indications at once

class FakeMme final : public Fake {
 public:
    FakeMme(net::Sctp& sctp, OnAsked asked) : asked_(std::move(asked)) {
        net::SctpSettings settings;
        settings.unsent_octets = kUnsentOctetsMax;
        auto listener = sctp.listen({{"127.0.0.1"}, 0}, settings, [this](net::SctpAssociationPtr one) {
            association_ = std::move(one);
            association_->start(
                {.on_up = [this](const net::SctpUp&) { ready_ = true; },
                 .on_message = [this](const net::SctpMessage& message) { answer(message.octets); },
                 .on_closed = [this](net::CloseReason) { ready_ = false; }});
        });
        if (!listener) give_up(listener.error().text);
        listener_ = std::move(*listener);
    }
    uint16_t port() const override { return listener_->bound().port; }
    bool ready() const override { return ready_; }

    void indicate(uint16_t serial, int messages) override {
        const auto plmn = cbc::PlmnId::parse("001", "01");
        for (int number = 0; number < messages; ++number) {
            cbc::sbcap::WriteReplaceWarningIndication told{identifier_, cbs::SerialNumber{serial}, {}, {}};
            const auto cell = (uint32_t{port()} << 12 | static_cast<uint32_t>(number)) % kCells;
            told.scheduled.emplace();
            told.scheduled->cells.push_back({{*plmn, cell}, {}});
            reply(told);
        }
    }

 private:
    void answer(base::ByteView octets) {
        const auto decoded = sbcap::decode(octets);
        if (!decoded) give_up(decoded.error().text());
        if (const auto* write = std::get_if<sbcap::WriteReplaceWarningRequest>(&decoded->message)) {
            identifier_ = write->message_identifier;
            asked_(Verb::kWritten, write->serial.value());
            reply(sbcap::WriteReplaceWarningResponse{accepted(write->message_identifier, write->serial)});
        }
        if (const auto* stop = std::get_if<sbcap::StopWarningRequest>(&decoded->message)) {
            asked_(Verb::kStopped, stop->serial.value());
            reply(sbcap::StopWarningResponse{accepted(stop->message_identifier, stop->serial)});
        }
    }

    static sbcap::WarningResponse accepted(cbs::MessageIdentifier identifier, cbs::SerialNumber serial) {
        return {identifier, serial, sbcap::Cause::kMessageAccepted, {}, {}, {}};
    }

    void reply(const sbcap::Message& message) {
        const auto octets = sbcap::encode(message);
        if (!octets) give_up(octets.error().text);
        (void)association_->send({0, kPpid, *octets});
    }

    OnAsked asked_;
    net::SctpListenerPtr listener_;
    net::SctpAssociationPtr association_;
    cbs::MessageIdentifier identifier_{4370};  // of the last warning
    bool ready_ = false;
};

}  // namespace

FakePtr fake_mme(net::Sctp& sctp, OnAsked asked) { return std::make_unique<FakeMme>(sctp, std::move(asked)); }

}  // namespace mass
