#!/bin/sh
# Sets up SNS for the AWS Event Cache plugin of a Spinnaker, with the aws command line and POSIX tools alone.
# Running it again changes nothing that is done. Nothing is replaced: the topic's policy gets one statement,
# the delivery channel keeps all but its topic. What stood there before is kept in files beside this one.
#
#   sh set-up-sns.sh before                     topic and policy; any time
#   sh set-up-sns.sh after                      subscription; once Gate runs with the plugin
#   sh set-up-sns.sh deliver [--replace ARN]    AWS Config's delivery channel to the topic; once with the
#                                               credentials of each account that records
#   sh set-up-sns.sh receipt                    receipt.json anew, for: event-cache-wizard resume --receipt FILE
set -eu

REGION={{REGION}}
# The account of the topic; empty: that of your credentials. Of the accounts that record: likewise.
ACCOUNT={{ACCOUNT}}
TOPIC_NAME={{TOPIC_NAME}}
SOURCE_ACCOUNTS={{SOURCE_ACCOUNTS}}
ENDPOINT={{ENDPOINT}}
PROTOCOL={{PROTOCOL}}
BY_ENDPOINT={{BY_ENDPOINT}}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "stopped: $*"
  exit 1
}
sns() { aws --region "$REGION" --output text sns "$@"; }
config() { aws --region "$REGION" configservice "$@"; }

here=$(dirname -- "$0")
[ -n "$REGION" ] || die "REGION is not known yet; set it at the head of this script"

# Where something is kept as it was; what is kept already stays.
kept() {
  file="$here/$1.$REGION.$TOPIC_NAME.json"
  number=2
  while [ -e "$file" ]; do
    file="$here/$1.$REGION.$TOPIC_NAME.$number.json"
    number=$((number + 1))
  done
  printf '%s\n' "$2" >"$file"
  printf '%s' "$file"
}

who() {
  account=$(aws --region "$REGION" --output text sts get-caller-identity --query Account)
  partition=$(aws --region "$REGION" --output text sts get-caller-identity --query Arn | cut -d: -f2)
  if [ -n "$ACCOUNT" ] && [ "$account" != "$ACCOUNT" ]; then
    case "$1 $SOURCE_ACCOUNTS " in
      "deliver $account "* | "deliver "*" $account "*) ;;
      *) die "these credentials are account $account's; this is for $ACCOUNT" ;;
    esac
  fi
  TOPIC="arn:$partition:sns:$REGION:${ACCOUNT:-$account}:$TOPIC_NAME"
  [ -n "$SOURCE_ACCOUNTS" ] || SOURCE_ACCOUNTS=$account
}

policy() { sns get-topic-attributes --topic-arn "$TOPIC" --query Attributes.Policy; }

# The policy on standard input with $STATEMENT before its first statement; fails where it has no list of them.
with_statement() {
  awk '
    { text = text $0 "\n" }
    END {
      if (!match(text, /"Statement"[ \t\n]*:[ \t\n]*\[/)) exit 3
      head = substr(text, 1, RSTART + RLENGTH - 1)
      tail = substr(text, RSTART + RLENGTH)
      comma = tail ~ /^[ \t\n]*\]/ ? "" : ","
      sub(/\n$/, "", tail)
      printf "%s%s%s%s", head, ENVIRON["STATEMENT"], comma, tail
    }'
}

allow() {
  sid="SpinnakerEventCache$1"
  now=$(policy)
  case $now in
    *"\"$sid\""*)
      say "policy: statement $sid is there"
      return
      ;;
  esac
  STATEMENT="{\"Sid\":\"$sid\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"config.amazonaws.com\"},\"Action\":\"SNS:Publish\",\"Resource\":\"$TOPIC\",\"Condition\":{\"StringEquals\":{\"AWS:SourceAccount\":\"$1\"}}}"
  export STATEMENT
  case $now in
    '' | None) new="{\"Version\":\"2008-10-17\",\"Statement\":[$STATEMENT]}" ;;
    *)
      before=$(kept "policy-before-$sid" "$now")
      new=$(printf '%s' "$now" | with_statement) ||
        die "the topic's policy has no list of statements; add this one by hand, then run again: $STATEMENT"
      ;;
  esac
  [ "$(policy)" = "$now" ] || die "somebody changed the topic's policy at this moment; run again"
  sns set-topic-attributes --topic-arn "$TOPIC" --attribute-name Policy --attribute-value "$new"
  case $(policy) in
    *"\"$sid\""*) say "policy: statement $sid was added; the policy before: ${before:-there was none}" ;;
    *) die "the policy that AWS returns does not hold statement $sid; run again" ;;
  esac
}

before() {
  if sns get-topic-attributes --topic-arn "$TOPIC" >/dev/null 2>&1; then
    say "topic: $TOPIC is there"
  else
    made=$(sns create-topic --name "$TOPIC_NAME" {{TAGS}}--query TopicArn)
    [ "$made" = "$TOPIC" ] || die "AWS made $made instead of $TOPIC"
    say "topic: $TOPIC was made"
  fi
  key=$(sns get-topic-attributes --topic-arn "$TOPIC" --query Attributes.KmsMasterKeyId)
  case $key in
    '' | None) ;;
    *) die "the topic is encrypted with $key, which AWS Config does not support; choose another name" ;;
  esac
  for source in $SOURCE_ACCOUNTS; do allow "$source"; done
}

# Gate's subscription: its ARN, or PendingConfirmation. The aws command asks the query of each page by itself.
found() {
  sns list-subscriptions-by-topic --topic-arn "$TOPIC" --query "Subscriptions[?Endpoint==$BY_ENDPOINT].SubscriptionArn" |
    tr '\t' '\n' | awk '/^arn:/ { print; found = 1; exit } /^Pending/ { pending = $0 } END { if (!found) print pending }'
}

confirmed() {
  case $1 in
    arn:*) ;;
    *) return 1 ;;
  esac
  pending=$(sns get-subscription-attributes --subscription-arn "$1" --query Attributes.PendingConfirmation)
  [ "$pending" = false ]
}

after() {
  [ -n "$ENDPOINT" ] || die "ENDPOINT is not known yet; ask the operator, and set it at the head of this script"
  arn=$(found)
  if confirmed "$arn"; then
    say "subscription: $arn is confirmed"
    return
  fi
  arn=$(sns subscribe --topic-arn "$TOPIC" --protocol "$PROTOCOL" --notification-endpoint "$ENDPOINT" \
    --return-subscription-arn --query SubscriptionArn)
  say "subscription: $arn was asked for; Gate confirms by itself within two minutes"
  tries=0
  until confirmed "$arn"; do
    tries=$((tries + 1))
    [ "$tries" -le 60 ] || die "Gate has not confirmed; see README.md, then run again"
    sleep 3
  done
  say "subscription: confirmed"
}

channel() { config describe-delivery-channels --query "$1" --output "$2"; }

# The channel on standard input with $TOPIC as its topic.
with_topic() {
  awk '
    { text = text $0 " " }
    END {
      named = "\"snsTopicARN\": \"" ENVIRON["TOPIC"] "\""
      if (match(text, /"snsTopicARN"[ \t]*:[ \t]*"[^"]*"/)) {
        printf "%s%s%s", substr(text, 1, RSTART - 1), named, substr(text, RSTART + RLENGTH)
      } else {
        at = index(text, "{")
        printf "%s%s, %s", substr(text, 1, at), named, substr(text, at + 1)
      }
    }'
}

deliver() {
  now=$(channel 'DeliveryChannels[0].snsTopicARN' text)
  case $now in
    "$TOPIC")
      say "delivery: the channel names the topic"
      return
      ;;
    '' | None) [ "$(channel 'length(DeliveryChannels)' text)" != 0 ] ||
      die "AWS Config has no delivery channel in $REGION; set up AWS Config first" ;;
    "$1") ;;
    *) die "the channel names $now, whose subscribers would get no events any more; if they may: sh set-up-sns.sh deliver --replace $now" ;;
  esac
  whole=$(channel 'DeliveryChannels[0]' json)
  before=$(kept delivery-channel-before "$whole")
  export TOPIC
  config put-delivery-channel --delivery-channel "$(printf '%s' "$whole" | with_topic)"
  [ "$(channel 'DeliveryChannels[0].snsTopicARN' text)" = "$TOPIC" ] ||
    die "the channel that AWS returns does not name the topic"
  say "delivery: the channel names the topic; the channel before: $before"
}

json() {
  case $1 in
    arn:*) printf '"%s"' "$1" ;;
    *) printf null ;;
  esac
}

receipt() {
  [ -n "$ENDPOINT" ] || return 0
  arn=$(found)
  state=false
  if confirmed "$arn"; then state=true; fi
  known=true
  names=$(channel 'DeliveryChannels[0].snsTopicARN' text 2>/dev/null) || known=false
  printf '{"version":1,"account":"%s","region":"%s","topic":"%s","endpoint":"%s","subscription":%s,"confirmed":%s,"delivery_known":%s,"delivery_topic":%s}\n' \
    "$account" "$REGION" "$TOPIC" "$ENDPOINT" "$(json "$arn")" "$state" "$known" "$(json "$names")" >"$here/receipt.json"
  say "receipt.json: give it back; with it: event-cache-wizard resume --receipt receipt.json"
}

who "${1:-}"
case ${1:-} in
  before) before ;;
  after) after ;;
  deliver)
    case ${2:-} in
      '') deliver '' ;;
      --replace) deliver "${3:?names the topic that is replaced}" ;;
      *) die "deliver takes --replace ARN alone" ;;
    esac
    ;;
  receipt) ;;
  *) die "say what: before, after, deliver or receipt (see the head of this file)" ;;
esac
# What an account that only records cannot see is no part of the receipt.
if [ "$TOPIC" = "arn:$partition:sns:$REGION:$account:$TOPIC_NAME" ]; then receipt; fi
