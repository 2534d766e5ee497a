# SNS topic for the AWS Event Cache plugin of a Spinnaker; AWS Config publishes, Gate subscribes.

variable "topic_name" {
  type    = string
  default = {{TOPIC_NAME_HCL}}
}

variable "source_accounts" {
  description = "Accounts in which AWS Config records"
  type        = list(string)
  default     = [{{SOURCES_HCL}}]
}

variable "endpoint" {
  description = "Gate's /aws/notify as AWS reaches it"
  type        = string
  default     = {{ENDPOINT_HCL}}
}

variable "subscribe" {
  description = "true once Gate runs with the plugin; earlier it cannot confirm"
  type        = bool
  default     = false
}

resource "aws_sns_topic" "event_cache" {
  name = var.topic_name
}

data "aws_caller_identity" "owner" {}

data "aws_partition" "here" {}

data "aws_iam_policy_document" "event_cache" {
  statement {
    sid       = "Owner"
    actions   = ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"]
    resources = [aws_sns_topic.event_cache.arn]

    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.owner.account_id}:root"]
    }
  }

  statement {
    sid       = "AWSConfigSNSPolicy"
    actions   = ["SNS:Publish"]
    resources = [aws_sns_topic.event_cache.arn]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceAccount"
      values   = length(var.source_accounts) > 0 ? var.source_accounts : [data.aws_caller_identity.owner.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "event_cache" {
  arn    = aws_sns_topic.event_cache.arn
  policy = data.aws_iam_policy_document.event_cache.json
}

resource "aws_sns_topic_subscription" "gate" {
  count                  = var.subscribe ? 1 : 0
  depends_on             = [aws_sns_topic_policy.event_cache]
  topic_arn              = aws_sns_topic.event_cache.arn
  protocol               = split(":", var.endpoint)[0]
  endpoint               = var.endpoint
  endpoint_auto_confirms = true
}

output "topic_arn" {
  value = aws_sns_topic.event_cache.arn
}
